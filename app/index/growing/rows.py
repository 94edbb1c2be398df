"""The row of a vector file that holds an id."""

import numpy as np

from app.index.growing.vector_file import Rows, VectorFile
from app.index.kit.arrays import Ids

_MANY = 32
_DENSE = 16
"""Ids among which every so manyth is asked for are found faster by reading them all."""


class RowOfId:
    """Finds rows by id in the file itself, and so costs next to no memory.

    Ids of a database ascend, and so do the rows, which a binary search makes use of. Those that
    came out of order, a replaced id for one, are in a list of their own.
    """

    def __init__(self, file: VectorFile, ascending: int) -> None:
        """`ascending` is the number of leading rows whose ids ascend; the rest is read."""
        self._file = file
        self.ascending = ascending
        self._last = file.id_at(ascending - 1) if ascending else 0
        late = [records["id"] for _, records in file.chunks(ascending)]
        self._late: Ids = np.concatenate([*late, np.empty(0, np.int64)]).astype(np.int64)

    @property
    def late(self) -> int:
        """Rows that came out of order."""
        return len(self._late)

    def appended(self, ids: Ids) -> None:
        """Take note of ids that got the next rows."""
        in_order = len(ids) == 0 or (int(ids[0]) > self._last and bool(np.all(np.diff(ids) > 0)))
        if not self.late and in_order:
            self.ascending += len(ids)
            self._last = int(ids[-1]) if len(ids) else self._last
        else:
            self._late = np.concatenate([self._late, ids])

    def find(self, face_id: int) -> int | None:
        """The latest row of the id, dead or alive."""
        among_late = np.flatnonzero(self._late == face_id)
        if len(among_late):
            return self.ascending + int(among_late[-1])
        row = self._at_or_behind(face_id)
        found = row < self.ascending and self._file.id_at(row) == face_id
        return row if found else None

    def find_all(self, ids: Ids) -> Rows:
        """The latest rows of those ids that are known, each once, ascending."""
        ids = np.unique(ids)
        if len(ids) >= _MANY:
            first, behind = self._at_or_behind(int(ids[0])), self._at_or_behind(int(ids[-1]) + 1)
            if behind - first <= _DENSE * len(ids):
                return self._in_range(ids, first, behind)
        rows = {self.find(face_id) for face_id in ids.tolist()}
        return np.array(sorted(row for row in rows if row is not None), dtype=np.int64)

    def _in_range(self, ids: Ids, first: int, behind: int) -> Rows:
        """`find_all` by reading all rows between the first and the last of the ids."""
        late = {
            face_id: self.ascending + number
            for number, face_id in enumerate(self._late.tolist())
            if ids[0] <= face_id <= ids[-1]
        }
        wanted = ids[~np.isin(ids, self._late)]
        there = self._file.read(first, behind)["id"]
        places = np.searchsorted(there, wanted)
        known = places < len(there)
        known[known] = there[places[known]] == wanted[known]
        asked = set(ids.tolist())
        again = [row for face_id, row in late.items() if face_id in asked]
        return np.sort(np.concatenate([first + places[known], np.array(again, np.int64)]))

    def _at_or_behind(self, face_id: int) -> int:
        """The first of the ascending rows whose id is not smaller."""
        if face_id > self._last:
            return self.ascending
        low, high = 0, self.ascending
        while low < high:
            middle = (low + high) // 2
            if self._file.id_at(middle) < face_id:
                low = middle + 1
            else:
                high = middle
        return low
