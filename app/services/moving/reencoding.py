"""Re-encoding: a collection changes its encoder while the old one goes on serving.

Templates of the new encoder are made from kept images and wait in a table that nothing
searches. When every face has one, a single transaction puts them into service.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from app.domain.errors import FacetError
from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.requests import InvalidRequestError
from app.domain.faces import AnalysisOptions, Embedding
from app.domain.gallery import Collection, EnrolledFace
from app.domain.portraits import find_enrolled
from app.domain.protection import stored_encoder
from app.platform.progress import Report
from app.services.deciding.cutover import require_same_partition
from app.services.gallery.erasure import Erasure
from app.services.gallery.image_files import KeptPictures
from app.services.indexing.following import IndexFollower
from app.services.ports import EncoderCatalogue, FaceAnalyser, Storage, UnitOfWork

Reason = Literal["no-image", "image-lost", "face-not-found"]

_PAGE = 500
_KEPT = 16
"""Faces between two commits: what a crash may cost."""
_SILENT = 0.5
"""Seconds after which the next face is reported."""
_LAST = 8
"""Faces that may be encoded while other writers wait."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A face that cannot be encoded anew, and why."""

    face_id: int
    subject_id: str
    subject: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class ReencodingPlan:
    """The work to be done: the collection as it is, the new encoder, and how far things are."""

    collection: Collection
    encoder: str
    faces: int
    ready: int

    @property
    def stored_as(self) -> str:
        """Name of the new templates in rows: the collection keeps its rotation."""
        return stored_encoder(self.encoder, self.collection.rotation)


@dataclass(frozen=True, slots=True)
class ReencodingResult:
    """The end of the work. Not `switched` while faces are left out: the old encoder serves on."""

    plan: ReencodingPlan
    switched: bool
    faces: int
    erased: int
    left_out: tuple[LeftOut, ...] = ()


@dataclass(slots=True)
class _Work:
    plan: ReencodingPlan
    report: Report
    left_out: dict[int, Reason] = field(default_factory=dict)
    erased: int = 0


class Reencoder:
    """Moves collections from encoder to encoder. Names, ids and metadata stay."""

    def __init__(
        self,
        storage: Storage,
        pictures: KeptPictures,
        analyser: FaceAnalyser,
        encoders: EncoderCatalogue,
        erasure: Erasure,
        follower: IndexFollower,
    ) -> None:
        self._storage = storage
        self._pictures = pictures
        self._analyser = analyser
        self._encoders = encoders
        self._erasure = erasure
        self._follower = follower

    def plan(self, collection: str, encoder: str, *, to_discard: bool = False) -> ReencodingPlan:
        """Raises InvalidRequestError when the collection has that encoder already.

        Raises EncoderNotReadyError for an encoder that could not serve after the change, unless
        what was made ready with it is to be discarded.
        """
        key = self._encoders.resolve(encoder)
        if not to_discard:
            self._encoders.require_ready(key)
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            plan = planned(uow, gallery, key)
        if gallery.encoder == key:
            raise InvalidRequestError(f"Collection {collection!r} is bound to {key} already.")
        return plan

    def resume(self, collection_id: str, encoder: str) -> ReencodingPlan:
        """The plan that was made before, as things are now.

        Raises UnknownCollectionError and EncoderNotReadyError.
        """
        self._encoders.require_ready(encoder)
        with self._storage.read() as uow:
            gallery = uow.collections.by_ids([collection_id]).get(collection_id)
            if gallery is None:
                raise UnknownCollectionError("The collection was erased.")
            return planned(uow, gallery, encoder)

    def run(
        self, plan: ReencodingPlan, report: Report, *, erase_left_out: bool = False
    ) -> ReencodingResult:
        """Encode what is not ready yet, then change over; interrupted, it goes on from there.

        With faces that cannot be encoded it does not change over, unless they may be erased.
        Raises EncoderChangedError when somebody else changed the collection over meanwhile.
        """
        work = _Work(plan, report)
        if plan.collection.encoder == plan.encoder:  # somebody died just after changing over
            return self._result(work, switched=True)
        while True:
            self._encode_missing(work)
            if work.left_out and not erase_left_out:
                return self._result(work, switched=False)
            self._erase_left_out(work)
            if self._change_over(work):
                self._follower.catch_up_after_write()
                return self._result(work, switched=True)

    def discard(self, plan: ReencodingPlan) -> int:
        """Give up: remove the templates that wait; how many there were."""
        with self._storage.write() as uow:
            return uow.staged.discard(plan.collection.id, plan.stored_as)

    def _encode_missing(self, work: _Work) -> None:
        """Stage a template for every face there is; enrolments go on meanwhile."""
        with self._staging(work) as stage:
            for face in self._missing(work):
                stage(face, self._encode(face, work))
        with self._storage.read() as uow:
            there = uow.faces.by_ids(list(work.left_out))
        work.left_out = {i: reason for i, reason in work.left_out.items() if i in there}

    def _missing(self, work: _Work) -> Iterator[EnrolledFace]:
        """Faces without a template of the new encoder, those that come meanwhile included."""
        collection, after = work.plan.collection.id, 0
        while True:
            with self._storage.read() as uow:
                ids = uow.staged.missing(collection, work.plan.stored_as, after=after, limit=_PAGE)
                faces = uow.faces.by_ids(ids)
            yield from (faces[i] for i in ids if i not in work.left_out)
            if not ids:
                return
            after = ids[-1]

    @contextmanager
    def _staging(self, work: _Work) -> Iterator[Callable[[EnrolledFace, Embedding | None], None]]:
        """Commits every few faces, and what is left when the block ends or is interrupted."""
        waiting: dict[int, Embedding] = {}
        reported = 0.0

        def report() -> None:
            nonlocal reported
            with self._storage.read() as uow:
                now = planned(uow, work.plan.collection, work.plan.encoder)
            work.report(now.ready + len(waiting), now.faces)
            reported = time.monotonic()

        def keep() -> None:
            if waiting:
                with self._storage.write() as uow:
                    self._put(uow, work, waiting)
                waiting.clear()
            report()

        def stage(face: EnrolledFace, embedding: Embedding | None) -> None:
            if embedding is not None:
                waiting[face.id] = embedding
            if len(waiting) == _KEPT:
                keep()
            elif time.monotonic() - reported > _SILENT:
                report()

        report()
        try:
            yield stage
        finally:
            keep()

    def _change_over(self, work: _Work) -> bool:
        """The one transaction. False when there is more to do than other writers can wait for."""
        collection, encoder = work.plan.collection, work.plan.stored_as
        with self._storage.write() as uow:
            if not uow.collections.by_ids([collection.id]):
                raise UnknownCollectionError(f"Collection {collection.name!r} was erased.")
            require_same_partition(uow, collection)
            ids = uow.staged.missing(collection.id, encoder, limit=_LAST + 1)
            if len(ids) > _LAST:
                return False
            found = {i: self._encode(f, work) for i, f in uow.faces.by_ids(ids).items()}
            self._put(uow, work, {i: e for i, e in found.items() if e is not None})
            if work.left_out:
                return False
            uow.staged.promote(collection.id, encoder)
        return True

    def _encode(self, face: EnrolledFace, work: _Work) -> Embedding | None:
        """The face's new embedding from its kept image; None, with the reason, if it fails."""
        if face.image_digest is None:
            work.left_out[face.id] = "no-image"
            return None
        image = self._pictures.of_face(face)
        if image is None:
            work.left_out[face.id] = "image-lost"
            return None
        for rotations in (False, True):
            # The image is known to show the face, so the detector's own last threshold decides.
            options = AnalysisOptions(
                encoder=work.plan.encoder, min_probability=0.0, rotations=rotations
            )
            try:
                found = find_enrolled(face.box, self._analyser.analyse(image, options).faces)
            except FacetError:
                work.left_out[face.id] = "image-lost"
                return None
            if found is not None:
                return found.require_embedding()
        work.left_out[face.id] = "face-not-found"
        return None

    def _erase_left_out(self, work: _Work) -> None:
        for face_id in work.left_out:
            with self._storage.read() as uow:
                collection = uow.collections.by_ids([work.plan.collection.id])
                there = face_id in uow.faces.by_ids([face_id])
            if there:
                self._erasure.face(collection[work.plan.collection.id].name, face_id)
                work.erased += 1
        work.left_out.clear()

    def _put(self, uow: UnitOfWork, work: _Work, embeddings: dict[int, Embedding]) -> None:
        if embeddings:
            uow.staged.put(
                work.plan.stored_as, list(embeddings), np.stack(list(embeddings.values()))
            )

    def _result(self, work: _Work, *, switched: bool) -> ReencodingResult:
        with self._storage.read() as uow:
            faces = uow.faces.by_ids(list(work.left_out))
            subjects = uow.subjects.by_ids([face.subject_id for face in faces.values()])
            left_out = tuple(
                LeftOut(i, face.subject_id, subjects[face.subject_id].name, work.left_out[i])
                for i, face in faces.items()
            )
            count = uow.faces.count(work.plan.collection.id)
        return ReencodingResult(work.plan, switched, count, work.erased, left_out)


def planned(uow: UnitOfWork, gallery: Collection, encoder: str) -> ReencodingPlan:
    """The plan as things are."""
    ready = uow.staged.count(gallery.id, stored_encoder(encoder, gallery.rotation))
    return ReencodingPlan(gallery, encoder, uow.faces.count(gallery.id), ready)


def result_fields(result: ReencodingResult) -> dict[str, Any]:
    """The result as plain JSON."""
    plan = result.plan
    return {
        "collection": plan.collection.name,
        "from": plan.collection.encoder,
        "to": plan.encoder,
        "switched": result.switched,
        "faces": result.faces,
        "erased": result.erased,
        "left_out": [asdict(one) for one in result.left_out],
    }
