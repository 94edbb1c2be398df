"""Which row of a vector file holds an id."""

import numpy as np

from app.index.arrays import Ids
from app.index.vector_file import Rows, VectorFile


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
        if face_id > self._last:
            return None
        low, high = 0, self.ascending
        while low < high:
            middle = (low + high) // 2
            if self._file.id_at(middle) < face_id:
                low = middle + 1
            else:
                high = middle
        found = low < self.ascending and self._file.id_at(low) == face_id
        return low if found else None

    def find_all(self, ids: Ids) -> Rows:
        """Rows of those ids that are known, each once, ascending."""
        rows = {self.find(face_id) for face_id in ids.tolist()}
        return np.array(sorted(row for row in rows if row is not None), dtype=np.int64)
