"""Putting new sightings into groups as they come, and a thread that does it."""

import threading
from collections import Counter
from collections.abc import Callable

import numpy as np
import structlog

from app.domain.deciding.identification import identification_threshold
from app.domain.gallery import Partition
from app.domain.people.grouping import (
    GROUPING_FPIR,
    Pairs,
    alike,
    alike_others,
    joined,
    together,
)
from app.domain.people.sightings import Unnamed
from app.services.people.compared import ComparedFaces
from app.services.people.group_names import group_names, numbered, settled
from app.services.people.groups import Groups
from app.services.people.regrouping import has_grown
from app.services.ports import EncoderCatalogue, Storage, UnitOfWork
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
        self._joined: Counter[Partition] = Counter()
        """Faces that have joined since all were grouped anew."""

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
            faces = uow.sightings.nameless(partition) if waiting >= _MANY else 0
        if waiting >= _MANY:
            done = self._groups.refresh(collection)
            if not has_grown(waiting, faces):  # else all were grouped anew
                self._joined[partition] += done
            return done
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
                found = _Alike(new, compared, self._least(partition, compared.faces(uow)))
                found.look_up(uow)
            groups, was = found.joined()
            with self._storage.write() as uow:
                uow.sightings.put_into_groups(groups, was)
            names = [groups[int(one)] for one in new.ids]
            compared.add(new.ids, new.templates, names)
        self._joined[partition] += len(new.ids)
        return len(new.ids)

    def regroup_grown(self) -> int:
        """Group anew where one face in ten has come since; how many collections."""
        done = 0
        for partition, count in list(self._joined.items()):
            with self._storage.read() as uow:
                if not has_grown(count, self._held(partition).faces(uow)):
                    continue
                there = uow.collections.by_ids([partition.collection_id])
            del self._joined[partition]
            if partition.collection_id in there:
                self._groups.regroup(partition.collection_id)
                done += 1
        return done

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
    """New faces, those of before that are like one of them, and others of the same groups."""

    def __init__(self, new: Unnamed, compared: ComparedFaces, least: float) -> None:
        self._new, self._compared, self._least = new, compared, least
        own = np.arange(len(new.ids), dtype=np.int64)
        self._own = alike(new.templates, least, own)
        self._hits = alike_others(new.templates, compared.vectors, least)
        self._rows: list[int] = []
        self._groups: dict[int, str | None] = {}

    def look_up(self, uow: UnitOfWork) -> None:
        """Learn which of them are there still, and in which groups."""
        hits = np.unique(self._hits.second).tolist()
        groups = self._groups_of(uow, hits)
        self._compared.forget([row for row in hits if row not in groups])
        named = {name for name in (*groups.values(), *self._new.groups) if name is not None}
        beside = set(self._compared.of_groups(named)) - set(hits)
        groups |= {
            row: name for row, name in self._groups_of(uow, sorted(beside)).items() if name in named
        }
        self._rows = sorted(groups)
        self._groups = groups

    def joined(self) -> tuple[dict[int, str | None], dict[int, str | None]]:
        """Groups by id of all new faces, and of those that were alone and are so no more; and the
        groups of before by which that was decided.

        New ones that are in a group, since that was taken back, stay there.
        """
        count = len(self._new.ids)
        ids = [*self._new.ids.tolist(), *(int(one) for one in self._compared.ids[self._rows])]
        names = [*self._new.groups, *(self._groups[row] for row in self._rows)]
        held = self._compared.vectors[self._rows].reshape(
            len(self._rows), self._new.templates.shape[1]
        )
        vectors = np.concatenate([self._new.templates, held])
        before = numbered(names)
        there = settled(before, names)
        labels = joined(vectors, self._least, self._pairs(count), before, there).tolist()
        after = group_names(labels, before, names)
        changed = {
            one: after[row]
            for row, one in enumerate(ids)
            if row < count or after[row] != names[row]
        }
        return changed, dict(zip(ids, names, strict=True))

    def _pairs(self, count: int) -> Pairs:
        """Pairs of the new ones, which come first, and of those looked up."""
        kept = np.isin(self._hits.second, self._rows)
        place = np.searchsorted(self._rows, self._hits.second[kept])
        hits = Pairs(self._hits.first[kept], place + count, self._hits.similarities[kept])
        return together([self._own, hits])

    def _groups_of(self, uow: UnitOfWork, rows: list[int]) -> dict[int, str | None]:
        ids = {int(self._compared.ids[row]): row for row in rows}
        found = uow.sightings.groups_of(sorted(ids))
        return {ids[one]: name for one, name in found.items()}


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
