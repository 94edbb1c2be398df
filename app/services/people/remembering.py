"""Keeping what was seen, beside the requests: a bounded queue, and one thread that stores."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from app.domain.deciding.bounds import bounds, is_bounded
from app.domain.errors import FacetError
from app.domain.errors.gallery import CollectionFullError
from app.domain.gallery import Collection, Subject
from app.domain.notifying.events import NewEvent
from app.domain.people.sightings import LeftOut, NewSighting, Seen, picture_owner
from app.platform.telemetry import SIGHTINGS, SIGHTINGS_LEFT_OUT
from app.services.gallery.image_files import Keep, KeptPictures
from app.services.ports import Storage, UnitOfWork

_WAITING = 256
"""Faces that wait at most, with their pixels some 75 MB."""
_AT_ONCE = 8
"""Faces of one transaction: others wait for it to write, and so it has to be short."""
_ENTRY = 0.01
"""Seconds for whoever has just recognized to write its entry in the record, for which it waits:
there is one writer at a time."""
_TRIES = 4
_PAUSE = 0.5
"""Seconds until a database that could not be written is tried again."""
_log = structlog.get_logger("app.sightings")


class SightingRecorder:
    """Stores what is seen in the order in which it comes. It is a `SightingMemory`.

    Whoever recognizes hands over and goes on. What finds no room, or cannot be stored, is counted:
    in metrics, and with the collection's sightings.
    """

    def __init__(
        self,
        storage: Storage,
        pictures: KeptPictures,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._storage = storage
        self._pictures = pictures
        self._now = clock
        self._changed = threading.Condition()
        self._queue: deque[Seen] = deque()
        self._lost: Counter[str] = Counter()
        """Faces by collection that were lost since this was last noted."""
        self._thread: threading.Thread | None = None
        self._storing = False

    def seen(self, faces: Sequence[Seen]) -> None:
        """Take what was just decided; comes back at once and never raises."""
        taken = [one for one in faces if one.is_wanted or one.decision == "known"]
        if not taken:
            return
        with self._changed:
            for one in taken:
                if len(self._queue) >= _WAITING:
                    self._lose(one)
                else:
                    self._queue.append(one)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="sightings", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, seconds: float = 30.0) -> bool:
        """Wait until all that was taken is stored; False when that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._queue and not self._storing, seconds)

    def start(self) -> None:
        """Nothing: its thread starts with the first face."""

    def stop(self) -> None:
        """Store what waits."""
        self.flush()

    def _lose(self, one: Seen) -> None:
        SIGHTINGS_LEFT_OUT.labels("lost").inc()
        if one.is_wanted:
            self._lost[one.collection.id] += 1

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue)
                behind = len(self._queue) > _AT_ONCE
            if not behind:
                time.sleep(_ENTRY)
            with self._changed:
                batch = [self._queue.popleft() for _ in range(min(_AT_ONCE, len(self._queue)))]
                self._storing = True
            try:
                self._store(batch)
            except Exception:  # one bad face must not end the thread
                _log.exception("sightings-not-stored")
                self._give_up(batch)
            finally:
                with self._changed:
                    self._storing = False
                    self._changed.notify_all()

    def _store_what_fits(self, batch: Sequence[Seen]) -> None:
        """Store a batch that is more than a collection may hold."""
        if len(batch) == 1:
            return self._store(batch, full=True)
        for one in batch:
            self._store([one])

    def _store(self, batch: Sequence[Seen], *, full: bool = False) -> None:
        """`full`: nothing more is kept, and what happened is only counted and told."""
        for one in batch:
            if one.face.crop is not None:
                one.face.crop.jpeg()  # before anybody else has to wait for the transaction
        with self._changed:
            lost, self._lost = self._lost, Counter()
        # Of events alone those of the last moments go with the machine, as their entries in the
        # record do: whoever recognizes would wait for the disk as well, for the one writer's turn.
        durable = any(one.is_wanted for one in batch)
        for attempt in range(_TRIES):
            try:
                kept = self._pictures.taken_back_on_failure()
                with kept as keep, self._storage.write(durable=durable) as uow:
                    stored = self._keep_all(uow, keep, batch, lost, full=full)
            except CollectionFullError:
                self._put_back(lost)
                return self._store_what_fits(batch)
            except FacetError as error:
                if attempt == 0:
                    _log.warning("sightings-wait", code=error.slug)
                time.sleep(_PAUSE)
            else:
                for decision, count in stored.items():
                    SIGHTINGS.labels(decision).inc(count)
                return
        self._put_back(lost)
        self._give_up(batch)

    def _put_back(self, lost: Counter[str]) -> None:
        with self._changed:
            self._lost += lost

    def _give_up(self, batch: Sequence[Seen]) -> None:
        with self._changed:
            for one in batch:
                self._lose(one)

    def _keep_all(
        self,
        uow: UnitOfWork,
        keep: Keep,
        batch: Sequence[Seen],
        lost: Counter[str],
        *,
        full: bool,
    ) -> Counter[str]:
        """Keep what was seen in the collections that there are still; how many, by decision."""
        stored: Counter[str] = Counter()
        ids = sorted({one.collection.id for one in batch} | set(lost))
        for collection_id, gallery in uow.collections.by_ids(ids).items():
            # The policy as it is now: whoever says that nothing is remembered means it.
            seen = [
                replace(one, collection=gallery)
                for one in batch
                if one.collection.id == collection_id
            ]
            wanted = not full and any(one.is_wanted for one in seen)
            allowed = _allowed(uow, gallery, self._today()) if wanted else 0
            stored += self._keep(uow, keep, gallery, seen, lost[collection_id], allowed)
        return stored

    def _keep(
        self,
        uow: UnitOfWork,
        keep: Keep,
        gallery: Collection,
        seen: Sequence[Seen],
        lost: int,
        allowed: int,
    ) -> Counter[str]:
        named = sorted({one.subject_id for one in seen if one.subject_id})
        there = uow.subjects.by_ids(named)
        events: list[NewEvent] = []
        stored: Counter[str] = Counter()
        over = 0
        for one in seen:
            if one.decision == "known" and one.subject_id not in there:
                continue  # erased meanwhile, and so is what was seen of them
            sighting: int | None = None
            if one.is_wanted and one.face.quality.score >= gallery.policy.remember_quality:
                if stored.total() < allowed:
                    sighting = uow.sightings.add(_sighting(uow, keep, one, there))
                    stored[one.decision] += 1
                else:
                    over += 1
            events += _events(gallery, one, sighting)
        SIGHTINGS_LEFT_OUT.labels("over-limit").inc(over)
        if stored or over or lost:
            left_out = LeftOut(over, lost)
            uow.groups.note_day(gallery.id, self._today(), kept=stored.total(), left_out=left_out)
        uow.events.add(events)
        return stored

    def _today(self) -> str:
        return self._now().date().isoformat()


def _allowed(uow: UnitOfWork, gallery: Collection, today: str) -> int:
    """Number of faces that the policy lets the collection remember now."""
    most = bounds(gallery.policy)
    used = uow.collections.usage(gallery) if is_bounded(gallery.policy) else most
    of_day = gallery.policy.remember_per_day - uow.groups.days(gallery.id, today)[0]
    if most.bytes is not None and used.bytes is not None and used.bytes >= most.bytes:
        return 0
    if most.faces is not None and used.faces is not None:
        return min(of_day, most.faces - used.faces)
    return of_day


def _events(gallery: Collection, one: Seen, sighting: int | None) -> list[NewEvent]:
    rate = {"fmr": one.fmr, "fmr_is_bound": one.fmr_is_bound}
    facts = {"source": one.source, **rate, "sighting_id": sighting}
    made = []
    if sighting is not None:
        seen = {"decision": one.decision, "source": one.source, "sighting_id": sighting}
        made.append(NewEvent("sighted", gallery.id, gallery.name, seen))
    if one.decision == "known":
        found = {"subject_id": one.subject_id, **facts}
        made.append(NewEvent("recognized", gallery.id, gallery.name, found))
    return made


def _sighting(uow: UnitOfWork, keep: Keep, one: Seen, there: Mapping[str, Subject]) -> NewSighting:
    face, nearest = one.face, one.subject_id
    is_there = nearest in there
    digest = None
    if face.crop is not None:
        digest = keep(uow, picture_owner(one.collection.id), face.crop.jpeg())
    return NewSighting(
        collection_id=one.collection.id,
        encoder=one.encoder,
        template=one.template,
        at=one.at,
        source=one.source,
        source_digest=None,
        box=face.box,
        landmarks=face.landmarks,
        probability=face.probability,
        pose=face.pose,
        quality=face.quality,
        image_digest=digest,
        decision=one.decision,
        subject_id=nearest if is_there else None,
        similarity=one.similarity if is_there else None,
        fmr=one.fmr if is_there else None,
        fmr_is_bound=one.fmr_is_bound and is_there,
    )
