"""Sightings as they are looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.errors.gallery import ImageNotKeptError
from app.domain.gallery import Collection, Subject
from app.domain.people.sightings import LeftOut, Moment, Sighting, SightingFilter
from app.platform.time_of_day import TimeOfDay
from app.services.gallery.erasure import Erasure
from app.services.gallery.image_files import KeptPictures
from app.services.people.remembering import SightingRecorder
from app.services.ports import Storage

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Sightings:
    """Sightings of a page, with what has to be known beside them."""

    items: Sequence[Sighting]
    subjects: Mapping[str, Subject]
    """Those whom sightings name, by id."""
    left_out: LeftOut
    """Since yesterday, UTC."""
    reached: Moment | None = None
    """The last sighting that was looked at, where there are fewer than asked for, yet more to look
    at: of what no index finds."""


class SeenFaces:
    """Faces that collections remember."""

    def __init__(
        self,
        storage: Storage,
        pictures: KeptPictures,
        erasure: Erasure,
        recorder: SightingRecorder,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._storage = storage
        self._pictures = pictures
        self._erasure = erasure
        self.recorder = recorder
        self._now = clock
        self._clock = TimeOfDay(clock())

    def list(
        self,
        collection: str,
        wanted: SightingFilter,
        *,
        before: Moment | None = None,
        limit: int = 50,
    ) -> Sightings:
        """The newest first, those seen before that one.

        Of filters that no index finds, or finds in part, so many sightings are looked at, whether
        or not that gives as many as were asked for.
        """
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            found, reached = uow.sightings.latest(gallery.id, wanted, before=before, limit=limit)
            named = sorted({one.subject_id for one in found if one.subject_id})
            subjects = uow.subjects.by_ids(named)
            yesterday = (self._now() - timedelta(days=1)).date().isoformat()
            _, left_out = uow.groups.days(gallery.id, yesterday)
        return Sightings(found, subjects, left_out, reached)

    def image(self, collection: str, sighting_id: int) -> bytes:
        """JPEG of a face; raises UnknownSightingError or ImageNotKeptError."""
        with self._storage.read() as uow:
            found = uow.sightings.get(uow.collections.get(collection).id, sighting_id)
        data = None if found.image_digest is None else self._pictures.read(found.image_digest)
        if data is None:
            raise ImageNotKeptError(f"No image is kept of sighting {sighting_id}.")
        return data

    def forget_old(self) -> int:
        """Erase what was kept for as long as its collection's policy says; how many there were."""
        now = self._now()
        if not self._clock.is_settled(now):
            return 0  # nothing is removed by a time of day that has just jumped
        erased, after = 0, None
        while True:
            with self._storage.read() as uow:
                page = uow.collections.list(after=after, limit=_PAGE)
            erased += sum(self._forget(one, now) for one in page)
            if len(page) < _PAGE:
                break
            after = page[-1].name
        with self._storage.write() as uow:
            uow.groups.forget_days((now - timedelta(days=366)).date().isoformat())
        return erased

    def _forget(self, gallery: Collection, now: datetime) -> int:
        until = now - timedelta(days=gallery.policy.remember_days)
        return sum(
            self._erasure.sightings(
                gallery.name, SightingFilter(until=until, decision=decision), announced=False
            ).removed.sightings
            for decision in ("known", "unknown")
        )
