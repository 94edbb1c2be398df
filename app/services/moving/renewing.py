"""Renewal: a collection's templates get another secret rotation while the old one goes on serving.

Nothing is encoded: templates are turned back and turned anew. They wait, as those of another
encoder do, in a table that nothing searches, until a single transaction puts them into service.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.protection import MasterKeyMissingError
from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import Collection, Partition
from app.domain.protection import Rotation, stored_encoder
from app.platform.progress import Report
from app.services.deciding.cutover import require_same_partition
from app.services.indexing.following import IndexFollower
from app.services.moving.renewal_jobs import RenewalParameters
from app.services.ports import Storage, UnitOfWork

_PAGE = 500
"""Faces between two commits: what a crash may cost, and what other writers wait for."""


@dataclass(frozen=True, slots=True)
class RenewalPlan:
    """The work to be done: the collection as it is, its next rotation, and how far things are."""

    collection: Collection
    rotation: Rotation | None
    """None where no master key makes any, and nothing is to be done but sightings."""
    faces: int
    ready: int

    @property
    def partition(self) -> Partition:
        """The part of an index that the faces go to."""
        encoder = stored_encoder(self.collection.encoder, self.rotation)
        return Partition(self.collection.id, encoder)


@dataclass(frozen=True, slots=True)
class Renewed:
    """The outcome of a renewal."""

    collection: str
    version: int
    faces: int
    sightings: int
    """Turned anew; those that came meanwhile had the new rotation already."""


class Renewer:
    """Gives collections the next version of their rotation, by the master key of now."""

    def __init__(self, storage: Storage, follower: IndexFollower) -> None:
        self._storage = storage
        self._follower = follower

    def plan(self, collection: str) -> RenewalPlan:
        """Raises UnknownCollectionError, and InvalidRequestError while templates of another
        encoder wait, which the change would discard.
        """
        with self._storage.read() as uow:
            return _planned(uow, uow.collections.get(collection))

    def resume(self, collection_id: str, version: int) -> RenewalPlan:
        """The plan that was made before, as things are now. Raises as `plan` does."""
        with self._storage.read() as uow:
            gallery = uow.collections.of_id(collection_id)
            if gallery is None:
                raise UnknownCollectionError("The collection was erased.")
            now = gallery.rotation
            if now is not None and now.version >= version:  # somebody died after changing over
                return RenewalPlan(gallery, now, uow.faces.count(gallery.id), 0)
            return _planned(uow, gallery)

    def order(self, collection: str) -> RenewalParameters:
        """Parameters of the job that does it. Raises as `plan` does."""
        plan = self.plan(collection)
        gallery, rotation = plan.collection, plan.rotation
        return RenewalParameters(gallery.id, rotation.version if rotation else 0, gallery.name)

    def behind(self, *, sightings: bool = True) -> list[Collection]:
        """The collections with no rotation, or with one of a former master key.

        With `sightings`, which are looked through for it, those too where a renewal has not come
        to all of them.
        """
        with self._storage.read() as uow:
            ids = set(uow.rotations.behind())
            if sightings:
                ids.update(uow.rotations.with_sightings_behind())
            found = uow.collections.by_ids(sorted(ids))
        return sorted(found.values(), key=lambda one: one.name)

    def bring_up(self, collection: Collection, report: Report = lambda done, total: None) -> None:
        """Do what `behind` has named the collection for. Raises as `plan` and `run` do."""
        with self._storage.read() as uow:
            gallery = uow.collections.of_id(collection.id)
            if gallery is None:
                return
            if gallery.id in uow.rotations.behind():
                plan = _planned(uow, gallery)
            else:
                plan = RenewalPlan(gallery, gallery.rotation, uow.faces.count(gallery.id), 0)
        self.run(plan, report)

    def run(self, plan: RenewalPlan, report: Report = lambda done, total: None) -> Renewed:
        """Turn what is not ready yet, then change over; interrupted, it goes on from there.

        Enrolments and searches go on meanwhile. Raises EncoderChangedError when somebody else
        changed the collection over, and InvalidRequestError as `plan` does.
        """
        gallery = plan.collection
        if gallery.rotation != plan.rotation:
            while not self._change_over(plan):
                self._stage_missing(plan, report)
            self._follower.catch_up_after_write()
        seen = self._rotate_sightings(gallery.id)
        with self._storage.read() as uow:
            faces = uow.faces.count(gallery.id)
        report(faces, faces)
        return Renewed(gallery.name, plan.rotation.version if plan.rotation else 0, faces, seen)

    def _stage_missing(self, plan: RenewalPlan, report: Report) -> None:
        after, place = 0, plan.partition
        while True:
            with self._storage.write() as uow:
                ids = uow.staged.missing(
                    place.collection_id, place.encoder, after=after, limit=_PAGE
                )
                _stage(uow, place, ids)
                ready = uow.staged.count(place.collection_id, place.encoder)
                faces = uow.faces.count(place.collection_id)
            report(ready, faces)
            if not ids:
                return
            after = ids[-1]

    def _change_over(self, plan: RenewalPlan) -> bool:
        """The one transaction. False when there is more to turn than other writers wait for."""
        place = plan.partition
        with self._storage.write() as uow:
            if not uow.collections.by_ids([place.collection_id]):
                raise UnknownCollectionError("The collection was erased.")
            require_same_partition(uow, plan.collection)
            _require_nothing_else_waits(uow, plan.collection, place.encoder)
            ids = uow.staged.missing(place.collection_id, place.encoder, limit=_PAGE + 1)
            if len(ids) > _PAGE:
                return False
            _stage(uow, place, ids)
            uow.staged.promote(place.collection_id, place.encoder)
        return True

    def _rotate_sightings(self, collection_id: str) -> int:
        """Every row tells its own rotation, so they need not change at once; how many did."""
        done, after = 0, 0
        while True:
            with self._storage.write() as uow:
                turned, after = uow.rotations.rotate_sightings(
                    collection_id, after=after, limit=_PAGE
                )
            done += turned
            if not after:
                return done


def _stage(uow: UnitOfWork, place: Partition, ids: Sequence[int]) -> None:
    if ids:
        there, templates = uow.faces.templates(ids)
        uow.staged.put(place.encoder, there.tolist(), templates)


def _planned(uow: UnitOfWork, gallery: Collection) -> RenewalPlan:
    rotation = uow.rotations.after(gallery.rotation)
    if rotation is None:
        raise MasterKeyMissingError(
            "Without a master key there are no rotations.",
            hint="Name it by FACET_MASTER_KEY_FILE or FACET_MASTER_KEY_COMMAND.",
        )
    plan = RenewalPlan(gallery, rotation, uow.faces.count(gallery.id), 0)
    encoder = plan.partition.encoder
    _require_nothing_else_waits(uow, gallery, encoder)
    return replace(plan, ready=uow.staged.count(gallery.id, encoder))


def _require_nothing_else_waits(uow: UnitOfWork, gallery: Collection, encoder: str) -> None:
    others = [one for one in uow.rotations.encoders_waiting(gallery.id) if one != encoder]
    if others:
        raise InvalidRequestError(
            f"Templates of another encoder wait for collection {gallery.name!r}.",
            hint="Let `facet collections reencode` end, or give it up with --discard.",
        )


def result_fields(result: Renewed) -> dict[str, Any]:
    """The result as plain JSON."""
    return asdict(result)
