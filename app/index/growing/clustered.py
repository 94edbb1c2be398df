"""The vectors of a big partition: codes in memory choose candidates, a file ranks them exactly."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from app.index.growing.rows import RowOfId
from app.index.growing.structure import Structure
from app.index.growing.vector_file import Records, Rows, VectorFile, living
from app.index.kit.arrays import ROUGH, Ids, Vectors, ranked, similarities_of

_FEWEST_CANDIDATES = 256
"""Codes misplace a nearest vector by some ranks, seldom by this many."""
_FIRST_READ = 8
"""Candidates beside those wanted; more only where codes leave it open whether they are nearer."""
_EXACT_SHARE = 4
"""Who asks for more than a quarter of all vectors is served by reading them all."""


class Clustered:
    """Lists over a vector file. The caller does the locking."""

    def __init__(self, structure: Structure, file: VectorFile, *, ascending: int, lists: int):
        """`file` holds what `structure` was filled with; `lists` are searched on average."""
        self.structure = structure
        self.file = file
        self.lists = lists
        self.trained_rows = file.rows
        self.id_sum = 0
        self._rows = RowOfId(file, ascending)
        self._living = 0

    def __len__(self) -> int:
        return self._living

    @property
    def ascending(self) -> int:
        return self._rows.ascending

    @property
    def late(self) -> int:
        """Rows whose ids came out of order, which makes finding them slower."""
        return self._rows.late

    @property
    def dead(self) -> int:
        """Rows of erased vectors, whose codes are still in the lists."""
        return self.file.rows - self._living

    def fill(self, first: int, records: Records) -> None:
        """Put the living of the records into the lists; in the file they lie from row `first` on.

        The caller counts them in.
        """
        here = np.flatnonzero(living(records))
        if len(here):
            self.structure.add(here + first, records["vector"][here])

    def count_in(self, ids: Ids) -> None:
        self._living += len(ids)
        self.id_sum += int(ids.sum())

    def count_out(self, ids: Ids) -> None:
        """Leave out vectors that somebody else has erased in the file."""
        self._living -= len(ids)
        self.id_sum -= int(ids.sum())

    def put(self, ids: Ids, vectors: Vectors) -> None:
        """Raises StorageFullError, in which case nothing is added."""
        order = np.argsort(ids, kind="stable")
        ids, vectors = ids[order], vectors[order]
        replaced = self._rows.find_all(ids)
        rows = self.file.append(ids, vectors)
        self._erase(replaced)
        self._rows.appended(ids)
        self.structure.add(rows, vectors)
        self.count_in(ids)

    def discard(self, ids: Ids) -> None:
        self._erase(self._rows.find_all(ids))

    def ids(self) -> Ids:
        """Every id that is there."""
        parts = [records["id"][living(records)] for _, records in self.file.chunks()]
        return np.concatenate([*parts, np.empty(0, np.int64)]).astype(np.int64)

    def take(self, ids: Ids) -> tuple[Ids, Vectors]:
        """((N,) ids, (N, dimension) vectors) of those ids that are there."""
        found, vectors, alive = self.file.take(self._rows.find_all(ids))
        return found[alive], vectors[alive]

    def newest(self, count: int) -> tuple[Ids, Vectors]:
        """The living among the last rows."""
        records = self.file.read(max(0, self.file.rows - count), self.file.rows)
        here = living(records)
        return records["id"][here], np.ascontiguousarray(records["vector"][here])

    def top(self, probes: Vectors, k: int) -> tuple[Vectors, Ids]:
        wanted, lists = max(_FEWEST_CANDIDATES, 2 * k), self.lists
        while wanted * _EXACT_SHARE < self.file.rows:
            answer = self._candidates(probes, k, wanted, lists)
            if answer is not None:
                return answer
            wanted, lists = 4 * wanted, 2 * lists
        return self.exact(probes, k)

    def exact(
        self, probes: Vectors, k: int, start: int = 0, stop: int | None = None
    ) -> tuple[Vectors, Ids]:
        """(P, k) similarities and ids of the best of all rows, or of some, read one by one."""
        best = _Best(len(probes), k)
        for _, records in self.file.chunks(start, stop):
            best.offer(probes, records["id"], records["vector"], living(records))
        return best.ranked()

    def _candidates(
        self, probes: Vectors, k: int, wanted: int, lists: int
    ) -> tuple[Vectors, Ids] | None:
        """None when these candidates cannot fill k places, or tie for the last of them."""
        bounds, rows = self.structure.nearest(probes, wanted, lists)
        best = np.empty((len(probes), k), dtype=np.float32)
        best_ids = np.empty((len(probes), k), dtype=np.int64)
        for number, probe in enumerate(probes):
            found = rows[number] >= 0
            one = self._best_of(rows[number][found], bounds[number][found], probe, k)
            if one is None:
                return None
            best[number], best_ids[number] = one
        return best, best_ids

    def _best_of(
        self, rows: Rows, bounds: Vectors, probe: Vectors, k: int
    ) -> tuple[Vectors, Ids] | None:
        """Read no more candidates than can be among the best k; they come by rising bound."""
        first = k + _FIRST_READ
        ids, similarities, distances = self._compared(rows[:first], probe)
        reach = np.partition(distances, k - 1)[k - 1] if len(distances) >= k else np.inf
        within = max(first, int(np.searchsorted(bounds, reach, side="right")))
        if within > first:
            more = self._compared(rows[first:within], probe)
            ids, similarities = np.append(ids, more[0]), np.append(similarities, more[1])
        if len(ids) < k:
            return None
        best, best_ids = ranked(similarities, ids, k)
        everyone_read = within >= len(rows) and len(ids) > k
        return None if everyone_read and similarities.min() >= best[-1] else (best, best_ids)

    def _compared(self, rows: Rows, probe: Vectors) -> tuple[Ids, Vectors, Vectors]:
        """Ids of the living among the rows, their similarities and squared distances."""
        ids, vectors, alive = self.file.take(np.sort(rows))
        vectors = vectors[alive]
        apart = vectors - probe
        return ids[alive], similarities_of(vectors, probe), np.einsum("ij,ij->i", apart, apart)

    def _erase(self, rows: Iterable[int]) -> None:
        rows = np.fromiter(rows, dtype=np.int64)
        ids, _, alive = self.file.take(rows)
        self.file.erase(rows[alive])
        self.count_out(ids[alive])


class _Best:
    """The best k for each probe of what is offered piece by piece."""

    def __init__(self, probes: int, k: int) -> None:
        self._k = k
        self._kept: list[tuple[Vectors, Ids]] = [
            (np.empty(0, np.float32), np.empty(0, np.int64)) for _ in range(probes)
        ]

    def offer(self, probes: Vectors, ids: Ids, vectors: Vectors, alive: NDArray[np.bool_]) -> None:
        """Compare (N, dimension) vectors, those alive, with every probe."""
        ids, vectors = ids[alive], np.ascontiguousarray(vectors[alive])
        for number, rough in enumerate(probes @ vectors.T):
            kept, kept_ids = self._kept[number]
            floor = kept[-1] if len(kept) == self._k else -np.inf
            if len(rough) > self._k:
                floor = max(floor, np.partition(rough, -self._k)[-self._k])
            good = np.flatnonzero(rough >= floor - ROUGH)
            if len(good):
                exact = similarities_of(vectors[good], probes[number])
                self._kept[number] = ranked(
                    np.concatenate([kept, exact]), np.concatenate([kept_ids, ids[good]]), self._k
                )

    def ranked(self) -> tuple[Vectors, Ids]:
        k = min((len(ids) for _, ids in self._kept), default=0)
        similarities = [kept[:k] for kept, _ in self._kept]
        return np.stack(similarities), np.stack([ids[:k] for _, ids in self._kept])
