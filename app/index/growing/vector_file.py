"""Vectors in a file, a record each: read where they lie, overwritten when they are erased.

Records are read with `pread`, so they live in the kernel's page cache and not in the process.
"""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.domain.errors.trouble import NO_SPACE, StorageFullError
from app.index.kit.arrays import Ids, Vectors

Records = NDArray[np.void]
Rows = NDArray[np.int64]

_CHUNK = 8192
"""Records per read of the whole file: 4 MiB at 128 numbers."""
_LIVING = 1


class VectorFile:
    """Append-only records (id, vector), each with its checksum; an erased one keeps its id only.

    One writer at a time; reading runs beside it. A row is a record's position.
    """

    def __init__(self, path: Path, dimension: int, rows: int = 0, *, writable: bool = True) -> None:
        """Opens the file; a writer makes it when missing and cuts off what lies behind `rows`."""
        self._type = np.dtype(
            [
                ("id", "<i8"),
                ("crc", "<u4"),
                ("state", "<u4"),
                ("vector", "<f4", (dimension,)),
            ]
        )
        self._size = self._type.itemsize
        self.rows = rows
        flags = os.O_RDWR | os.O_CREAT if writable else os.O_RDONLY
        self._descriptor = os.open(path, flags | os.O_CLOEXEC, 0o600)
        if writable and os.fstat(self._descriptor).st_size > self.nbytes:
            os.ftruncate(self._descriptor, self.nbytes)

    @property
    def nbytes(self) -> int:
        return self.rows * self._size

    def complete(self) -> bool:
        """Whether the file is as long as its rows need."""
        return os.fstat(self._descriptor).st_size >= self.nbytes

    def append(self, ids: Ids, vectors: Vectors) -> Rows:
        """The rows that they got. Raises StorageFullError, leaving the rows as they were."""
        records = np.zeros(len(ids), dtype=self._type)
        records["id"], records["vector"], records["state"] = ids, vectors, _LIVING
        records["crc"] = self._checksums(records)
        data = _bytes_of(records)
        position = self.nbytes
        try:
            while data:
                written = os.pwrite(self._descriptor, data, position)
                data, position = data[written:], position + written
        except OSError as error:
            raise_when_full(error)
            raise
        first = self.rows
        self.rows += len(ids)
        return np.arange(first, self.rows, dtype=np.int64)

    def erase(self, rows: Rows) -> None:
        """Overwrite vectors where they lie; `sync` makes it last."""
        nothing = bytes(self._size - 8)
        for row in rows.tolist():
            os.pwrite(self._descriptor, nothing, row * self._size + 8)

    def take(self, rows: Rows) -> tuple[Ids, Vectors, NDArray[np.bool_]]:
        """((N,) ids, (N, dimension) vectors, (N,) whether they live) of the rows, in order."""
        records = np.zeros(len(rows), dtype=self._type)
        data = _bytes_of(records)
        size = self._size
        for slot, row in enumerate(rows.tolist()):
            os.preadv(self._descriptor, [data[slot * size : (slot + 1) * size]], row * size)
        return records["id"], records["vector"], records["state"] == _LIVING

    def id_at(self, row: int) -> int:
        """The id of one row, dead or alive."""
        return int.from_bytes(
            os.pread(self._descriptor, 8, row * self._size), "little", signed=True
        )

    def chunks(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Records]]:
        """The first row and the records of every piece of the file, in order."""
        stop = self.rows if stop is None else min(stop, self.rows)
        for first in range(start, stop, _CHUNK):
            yield first, self.read(first, min(stop, first + _CHUNK))

    def read(self, start: int, stop: int) -> Records:
        """Records of the rows from `start` to `stop`."""
        records = np.zeros(stop - start, dtype=self._type)
        os.preadv(self._descriptor, [_bytes_of(records)], start * self._size)
        return records

    def damaged(self, records: Records) -> NDArray[np.bool_]:
        """(N,) records whose bytes are not what was written."""
        sums = np.where(living(records), self._checksums(records), 0)
        remains = ~living(records) & ((records["state"] != 0) | records["vector"].any(axis=1))
        return np.asarray((sums != records["crc"]) | remains)

    def sync(self) -> None:
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)

    def _checksums(self, records: Records) -> NDArray[np.uint32]:
        """CRC-32 of each record's state and vector, begun with its id."""
        data = _bytes_of(records)
        size = self._size
        return np.fromiter(
            (
                zlib.crc32(data[12 + size * i : size * (i + 1)], face_id & 0xFFFFFFFF)
                for i, face_id in enumerate(records["id"].tolist())
            ),
            dtype=np.uint32,
            count=len(records),
        )


def _bytes_of(records: Records) -> memoryview:
    return memoryview(records.view(np.uint8).data)


def living(records: Records) -> NDArray[np.bool_]:
    """(N,) records that have not been erased."""
    return np.asarray(records["state"] == _LIVING)


def raise_when_full(error: OSError) -> None:
    """Raise StorageFullError when that is what the error means."""
    if error.errno in NO_SPACE:
        raise StorageFullError(
            "There is no room left for the index's vectors; faces enrolled are safe in SQL.",
            hint="Free disk space or raise the quota; the index then catches up by itself.",
        ) from error
