"""PostgreSQL with pgvector: the vectors live in the database of the rows that they belong to."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import numpy as np
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from app.domain.errors.trouble import IndexUnavailableError
from app.domain.gallery import Partition
from app.index.kit.arrays import Ids, Vectors, checked_additions, checked_probes, nothing_found
from app.index.pgvector.graphs import GraphBuilder
from app.index.pgvector.tables import VectorTables, pgvector_version, prepare

EXACT_BELOW = 20_000
"""Vectors of a partition up to which every one is compared; beyond, a graph is built."""

_OLDEST = (0, 8)
_NOT_INSTALLED = {"0A000", "58P01", "42501", "42704"}
"""SQL states: no such extension, no file of it, no right to create it, no such type."""


class PgvectorIndex:
    """The five verbs over one table per partition. Shared by any number of processes.

    Exact while a partition is small; then an HNSW graph (Malkov and Yashunin, 2018) is built
    beside it, and used from the moment it is complete. All of it lies in the schema
    `facet_index`, which is a cache: dropping it loses nothing.
    """

    def __init__(
        self,
        reader: Engine,
        writer: Engine,
        *,
        guard: Callable[[], AbstractContextManager[None]] = nullcontext,
        exact_below: int = EXACT_BELOW,
    ) -> None:
        """`reader` gives snapshots; `guard` turns the driver's errors into the service's.

        Raises IndexUnavailableError on a PostgreSQL without pgvector.
        """
        self._reader = reader
        self._writer = writer
        self._guard = guard
        self._exact_below = exact_below
        self._graphs = GraphBuilder(writer)
        with self._guard():
            _prepare(writer)

    def within(self, connection: Connection) -> "TransactionIndex":
        """The index as part of a transaction that somebody else commits."""
        return TransactionIndex(connection)

    def add(self, partition: Partition, ids: Ids, vectors: Vectors, *, seq: int) -> None:
        """Add or replace (N, dim) vectors by (N,) ids; of an id given twice the last counts.

        Raises EncoderMismatchError when the partition has another dimension.
        """
        with self._guard(), self._writer.begin() as connection:
            self.within(connection).add(partition, ids, vectors, seq=seq)

    def remove(self, partition: Partition, ids: Ids | None, *, seq: int) -> None:
        """Remove ids (unknown ids are ignored), or with None the whole partition."""
        with self._guard(), self._writer.begin() as connection:
            self.within(connection).remove(partition, ids, seq=seq)

    def search(
        self, partition: Partition, probes: Vectors, k: int, *, among: Ids | None = None
    ) -> tuple[Vectors, Ids]:
        """The k most similar vectors of each of (P, dim) probes: (P, k') similarities and ids.

        Descending; k' = min(k, count). Equal similarities come in ascending order of ids. With
        `among` only those ids count, and they are compared one by one.
        Raises EncoderMismatchError when the partition has another dimension.
        """
        with self._guard(), self._reader.connect() as connection:
            shard = VectorTables(connection).shard(partition)
            if shard is not None and shard.faces > self._exact_below and not shard.graph:
                self._graphs.request(shard)
            return self.within(connection).search(partition, probes, k, among=among)

    def count(self, partition: Partition, *, among: Ids | None = None) -> int:
        """Vectors in the partition, or those of the ids that it has."""
        with self._guard(), self._reader.connect() as connection:
            return self.within(connection).count(partition, among=among)

    def watermark(self) -> int:
        """The position in the change log that the index stands at; 0 when it is empty."""
        with self._guard(), self._reader.connect() as connection:
            return self.within(connection).watermark()

    def clear(self) -> None:
        """Remove everything, and go back to position 0."""
        with self._guard(), self._writer.begin() as connection:
            VectorTables(connection).clear()

    def wait_for_graphs(self) -> None:
        """Return when the graphs under construction are complete."""
        self._graphs.wait()


class TransactionIndex:
    """The five verbs in one transaction: its changes count when it commits, or not at all."""

    def __init__(self, connection: Connection) -> None:
        self._tables = VectorTables(connection)

    def add(self, partition: Partition, ids: Ids, vectors: Vectors, *, seq: int) -> None:
        ids, vectors = checked_additions(ids, vectors)
        self._tables.advance(seq)
        if len(ids):
            self._tables.put(partition, ids, vectors)

    def remove(self, partition: Partition, ids: Ids | None, *, seq: int) -> None:
        self._tables.advance(seq)
        if ids is None:
            self._tables.drop(partition)
        elif len(ids):
            self._tables.discard(partition, np.asarray(ids, dtype=np.int64))

    def search(
        self, partition: Partition, probes: Vectors, k: int, *, among: Ids | None = None
    ) -> tuple[Vectors, Ids]:
        probes = checked_probes(probes)
        shard = self._tables.shard(partition)
        if shard is None:
            return nothing_found(len(probes))
        k = min(k, shard.faces)
        if k <= 0 or not len(probes):
            return nothing_found(len(probes), max(0, k))
        if among is not None:
            return self._tables.search_among(shard, probes, k, among)
        return self._tables.search(shard, probes, k)

    def count(self, partition: Partition, *, among: Ids | None = None) -> int:
        shard = self._tables.shard(partition)
        if shard is None:
            return 0
        return shard.faces if among is None else self._tables.count_among(shard, among)

    def watermark(self) -> int:
        return self._tables.watermark()

    def clear(self) -> None:
        self._tables.clear()


def _prepare(engine: Engine) -> None:
    try:
        with engine.begin() as connection:
            prepare(connection)
            version = pgvector_version(connection)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _NOT_INSTALLED:
            raise
        raise _no_pgvector() from error
    if version < _OLDEST:
        raise _no_pgvector()


def _no_pgvector() -> IndexUnavailableError:
    return IndexUnavailableError(
        "The database cannot hold the index: it lacks pgvector 0.8 or newer.",
        hint="Install it on the server and run `CREATE EXTENSION vector` as a superuser in this "
        "database, or use another index: FACET_INDEX=faiss.",
    )
