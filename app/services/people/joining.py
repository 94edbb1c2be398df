"""Putting new sightings into groups as they come, and a thread that does it."""

import threading
from collections.abc import Callable, Mapping

import numpy as np
import structlog

from app.domain.deciding.identification import identification_threshold
from app.domain.gallery import Partition
from app.domain.people.grouping import (
    GROUPING_FPIR,
    MOST_NEIGHBOURS,
    Vectors,
    whispered,
)
from app.domain.people.sightings import Unnamed
from app.services.people.compared import ComparedFaces
from app.services.people.group_names import group_names, numbered
from app.services.people.groups import Groups
from app.services.ports import EncoderCatalogue, Storage
from models.errors import ReportedError

_AT_ONCE = 64
"""New faces of one transaction."""
_MANY = 1_000
"""New faces from which on all are compared at once, as after an import."""
_PARTITIONS = 4
"""Partitions whose templates are held in memory."""
_SECONDS = 1.0
_STOPPING = 20.0
"""Seconds that a stop waits."""
_log = structlog.get_logger("app.sightings")


class GroupJoiner:
    """Compares new sightings with those before, in groups or alone. Not thread-safe.

    Any number of processes may do it: each step is alone with its collection's groups.
    """

    def __init__(self, storage: Storage, encoders: EncoderCatalogue, groups: Groups) -> None:
        self._storage = storage
        self._encoders = encoders
        self._groups = groups
        self._compared: dict[Partition, ComparedFaces] = {}

    def run(self) -> int:
        """Put all that waits into groups; how many faces there were."""
        done = 0
        with self._storage.read() as uow:
            waiting = uow.sightings.waiting_partitions()
            ids = sorted({one.collection_id for one in waiting})
            galleries = uow.collections.by_ids(ids)
        for partition in waiting:
            gallery = galleries.get(partition.collection_id)
            if gallery is not None and gallery.encoder == partition.encoder:
                done += self._all_of(partition, gallery.name)
        return done

    def _all_of(self, partition: Partition, collection: str) -> int:
        with self._storage.read() as uow:
            waiting = uow.sightings.waiting(partition)
        if waiting >= _MANY:
            return self._groups.refresh(collection)
        done = 0
        while count := self.step(partition):
            done += count
        return done

    def step(self, partition: Partition) -> int:
        """Put some of those that wait into groups; how many."""
        with self._storage.index_lock(f"groups:{partition.collection_id}"):
            compared = self._held(partition)
            with self._storage.read() as uow:
                new = uow.sightings.new(partition, _AT_ONCE)
                if not len(new.ids):
                    return 0
                compared.follow(uow)
                alike = _Alike(new, compared, self._least(partition, len(compared) + len(new.ids)))
                groups = uow.sightings.groups_of(compared.ids[alike.rows].tolist())
            joined = alike.joined(groups)
            was = {**groups, **dict(zip(new.ids.tolist(), new.groups, strict=True))}
            with self._storage.write() as uow:
                uow.sightings.put_into_groups(joined, was)
            names = [joined[int(one)] for one in new.ids]
            compared.add(new.ids, new.templates, names)
        return len(new.ids)

    def _least(self, partition: Partition, faces: int) -> float:
        curve = self._encoders.curve(partition.encoder)
        return identification_threshold(curve, faces, fpir=GROUPING_FPIR).similarity

    def _held(self, partition: Partition) -> ComparedFaces:
        found = self._compared.pop(partition, None) or ComparedFaces(partition)
        self._compared[partition] = found
        while len(self._compared) > _PARTITIONS:
            del self._compared[next(iter(self._compared))]
        return found


class _Alike:
    """New faces, and those of before that are like one of them."""

    def __init__(self, new: Unnamed, compared: ComparedFaces, least: float) -> None:
        self._new, self._compared = new, compared
        self._own = _hits(new.templates, new.templates, least)
        self._hits = _hits(new.templates, compared.vectors, least)
        self.rows = sorted({row for found in self._hits for row in found})
        """Rows of those compared that some new face is like."""

    def joined(self, groups: Mapping[int, str | None]) -> dict[int, str | None]:
        """Groups by id of all new faces, and of those that were alone and are so no more.

        New ones that are in a group, since that was taken back, stay there. `groups` are those
        that the faces in `rows` have now; who is missing there is gone.
        """
        ids = self._compared.ids
        there = [row for row in self.rows if int(ids[row]) in groups]
        self._compared.forget([row for row in self.rows if int(ids[row]) not in groups])
        first = len(self._new.ids)
        place = {row: first + number for number, row in enumerate(there)}
        names = [*self._new.groups, *(groups[int(ids[row])] for row in there)]
        neighbours: dict[int, dict[int, float]] = {}
        for new, (own, hits) in enumerate(zip(self._own, self._hits, strict=True)):
            found = {other: similarity for other, similarity in own.items() if other != new}
            found |= {place[row]: similarity for row, similarity in hits.items() if row in place}
            for other, similarity in found.items():
                neighbours.setdefault(new, {})[other] = similarity
                neighbours.setdefault(other, {})[new] = similarity
        before = numbered(names)
        movable = [row for row in neighbours if names[row] is None]
        labels = whispered(neighbours, np.array(before, np.int64), movable).tolist()
        after = group_names(labels, before, names)
        every = [*self._new.ids.tolist(), *(int(ids[row]) for row in there)]
        return {
            one: after[row]
            for row, one in enumerate(every)
            if row < first or after[row] != names[row]
        }


def _hits(new: Vectors, others: Vectors, least: float) -> list[dict[int, float]]:
    """Similarities by row of the others, of the most alike ones, for each new face."""
    if not len(others):
        return [{} for _ in new]
    found = []
    for row in new @ others.T:
        rows = np.flatnonzero(row >= least)
        if len(rows) > MOST_NEIGHBOURS:
            rows = rows[np.argpartition(row[rows], -MOST_NEIGHBOURS)[-MOST_NEIGHBOURS:]]
        found.append(dict(zip(rows.tolist(), row[rows].tolist(), strict=True)))
    return found


class GroupWorker:
    """Does pieces of work again and again, in a thread beside the requests."""

    def __init__(self, *parts: Callable[[], object], name: str = "groups") -> None:
        self._parts = parts
        self._name = name
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the step that is under way; of a long one the end is not waited for."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_STOPPING)

    def _work(self) -> None:
        while not self._stopping.wait(_SECONDS):
            self._run()

    def _run(self) -> None:
        for part in self._parts:
            try:
                part()
            except ReportedError as error:
                _log.warning("grouping-waits", code=error.slug)
            except Exception:  # the next faces may be others
                _log.exception("grouping-failed")
