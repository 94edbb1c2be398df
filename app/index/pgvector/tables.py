"""The SQL of the pgvector index: one table per partition in the schema `facet_index`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, CursorResult, TextClause, text

from app.domain.gallery import Partition
from app.index.kit.arrays import Ids, Vectors, check_dimension

SCHEMA = "facet_index"
EXTENSION = "vector"
VERSION = 1
"""Of the tables; a cache of another version is dropped and filled again."""
LARGEST_GRAPH_DIMENSION = 4_000

_LOCK = 0x66616365746978
"""The advisory lock under which the schema is made: "facetix" in ASCII."""
_DEEPEST_GRAPH_SEARCH = 400
"""Neighbours asked of a graph at most; beyond, comparing everything is the safer way."""
_LEAST_EF = 800
"""Nodes a search keeps in sight; with fewer it misses best hits (docs/figures/scaling.md)."""
_LARGEST_EF = 1_000


@dataclass(frozen=True, slots=True)
class Shard:
    """One partition: the number of its table, the length and count of its vectors."""

    number: int
    dimension: int
    faces: int
    graph: bool
    """Whether its HNSW graph is complete."""

    @property
    def table(self) -> str:
        return f"{SCHEMA}.vectors_{self.number}"


class VectorTables:
    """The index as one transaction sees and changes it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def watermark(self) -> int:
        """The position in the change log that the index stands at."""
        return int(self._run(f"SELECT seq FROM {SCHEMA}.state").scalar_one())

    def advance(self, seq: int) -> None:
        """Move the watermark, never back. Until the commit nobody else can."""
        self._run(f"UPDATE {SCHEMA}.state SET seq = greatest(seq, :seq)", seq=seq)

    def shard(self, partition: Partition) -> Shard | None:
        """The partition's table, if it has one."""
        row = self._run(
            f"SELECT number, dimension, faces, graph FROM {SCHEMA}.partitions"
            " WHERE collection_id = :collection AND encoder = :encoder",
            collection=partition.collection_id,
            encoder=partition.encoder,
        ).one_or_none()
        return None if row is None else Shard(row.number, row.dimension, row.faces, row.graph)

    def put(self, partition: Partition, ids: Ids, vectors: Vectors) -> None:
        """Add or replace (N, dim) vectors by (N,) ids, each given once; N > 0."""
        shard = self.shard(partition)
        if shard is not None and not shard.faces and shard.dimension != vectors.shape[1]:
            self.drop(partition)
            shard = None
        if shard is None:
            shard = self._create(partition, vectors.shape[1])
        check_dimension(shard.dimension, vectors)
        replaced = self._delete(shard, ids)
        cursor = self._connection.connection.cursor()
        with cursor.copy(f"COPY {shard.table} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(_binary_rows(ids, vectors))
        self._count(shard, len(ids) - replaced)

    def discard(self, partition: Partition, ids: Ids) -> None:
        """Remove ids; unknown ones are ignored."""
        shard = self.shard(partition)
        if shard is not None:
            self._count(shard, -self._delete(shard, ids))

    def drop(self, partition: Partition) -> None:
        """Remove the partition's table."""
        shard = self.shard(partition)
        if shard is not None:
            self._run(f"DELETE FROM {SCHEMA}.partitions WHERE number = :n", n=shard.number)
            self._run(f"DROP TABLE {shard.table}")

    def clear(self) -> None:
        """Drop every partition and move the watermark back to 0."""
        self._run(f"UPDATE {SCHEMA}.state SET seq = 0")
        for number in self._run(f"DELETE FROM {SCHEMA}.partitions RETURNING number").scalars():
            self._run(f"DROP TABLE {SCHEMA}.vectors_{number}")

    def search(self, shard: Shard, probes: Vectors, k: int) -> tuple[Vectors, Ids]:
        """(P, k) similarities and ids, descending, ties by id; k is at most the shard's count."""
        check_dimension(shard.dimension, probes)
        if shard.graph and k <= _DEEPEST_GRAPH_SEARCH:
            found = self._search_graph(shard, probes, k)
            if len(found) == len(probes) * k:
                return _matrices(found, len(probes), k)
        return _matrices(self._compare(shard, probes, k), len(probes), k)

    def search_among(
        self, shard: Shard, probes: Vectors, k: int, among: Ids
    ) -> tuple[Vectors, Ids]:
        """(P, k') similarities and ids of those ids alone; k' = min(k, how many are there)."""
        check_dimension(shard.dimension, probes)
        found = self._compare(shard, probes, k, among.tolist())
        return _matrices(found, len(probes), len(found) // len(probes))

    def count_among(self, shard: Shard, among: Ids) -> int:
        """Number of the ids that are there."""
        found: int = self._run(
            f"SELECT count(*) FROM {shard.table} WHERE face_id = ANY(:among)", among=among.tolist()
        ).scalar_one()
        return found

    def _search_graph(self, shard: Shard, probes: Vectors, k: int) -> Sequence[Any]:
        # The graph holds half-precision copies; a few candidates more than wanted are compared
        # again at full precision. Without these settings a table in memory looks cheaper to read
        # from end to end.
        reach = k + 16
        self._run(
            "SELECT set_config('hnsw.ef_search', :ef, true),"
            " set_config('hnsw.iterative_scan', 'relaxed_order', true),"
            " set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'on', true)",
            ef=str(min(_LARGEST_EF, max(_LEAST_EF, 2 * reach))),
        )
        half = f"halfvec({shard.dimension})"
        return self._run(
            "SELECT c.face_id, c.distance FROM unnest(CAST(:probes AS vector[]))"
            " WITH ORDINALITY AS p(probe, n) CROSS JOIN LATERAL ("
            " SELECT face_id, vector <#> p.probe AS distance FROM ("
            f" SELECT face_id, vector FROM {shard.table}"
            f" ORDER BY (vector::{half}) <#> (p.probe::{half}) LIMIT :reach) AS near"
            " ORDER BY distance, face_id LIMIT :k) AS c ORDER BY p.n, c.distance, c.face_id",
            probes=_literals(probes),
            reach=reach,
            k=k,
        ).all()

    def _compare(
        self, shard: Shard, probes: Vectors, k: int, among: list[int] | None = None
    ) -> Sequence[Any]:
        """Every vector with every probe, or those of some ids."""
        only = "" if among is None else " WHERE face_id = ANY(:among)"
        return self._run(
            "SELECT c.face_id, c.distance FROM unnest(CAST(:probes AS vector[]))"
            " WITH ORDINALITY AS p(probe, n) CROSS JOIN LATERAL ("
            f" SELECT face_id, vector <#> p.probe AS distance FROM {shard.table}{only}"
            " ORDER BY distance, face_id LIMIT :k) AS c ORDER BY p.n, c.distance, c.face_id",
            probes=_literals(probes),
            k=k,
            **({} if among is None else {"among": among}),
        ).all()

    def _create(self, partition: Partition, dimension: int) -> Shard:
        number = self._run(
            f"INSERT INTO {SCHEMA}.partitions (collection_id, encoder, dimension)"
            " VALUES (:collection, :encoder, :dimension) RETURNING number",
            collection=partition.collection_id,
            encoder=partition.encoder,
            dimension=dimension,
        ).scalar_one()
        shard = Shard(number, dimension, 0, graph=False)
        self._run(
            f"CREATE TABLE {shard.table}"
            f" (face_id bigint PRIMARY KEY, vector vector({dimension}) NOT NULL)"
        )
        # Kept in the row itself: a vector fetched from beside the table costs another read.
        self._run(f"ALTER TABLE {shard.table} ALTER COLUMN vector SET STORAGE PLAIN")
        return shard

    def _delete(self, shard: Shard, ids: Ids) -> int:
        return self._run(
            f"DELETE FROM {shard.table} WHERE face_id = ANY(:ids)", ids=ids.tolist()
        ).rowcount

    def _count(self, shard: Shard, more: int) -> None:
        if more:
            self._run(
                f"UPDATE {SCHEMA}.partitions SET faces = faces + :more WHERE number = :n",
                more=more,
                n=shard.number,
            )

    def _run(self, query: str, **values: Any) -> CursorResult[Any]:
        return self._connection.execute(_statement(query), values)


def prepare(connection: Connection) -> None:
    """Make the schema, if it is missing or of another version. Needs pgvector in the database."""
    if _is_prepared(connection):
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if _is_prepared(connection):  # by the process that held the lock
        return
    for statement in (
        f"CREATE EXTENSION IF NOT EXISTS {EXTENSION}",
        f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE",
        f"CREATE SCHEMA {SCHEMA}",
        f"CREATE TABLE {SCHEMA}.state (version integer NOT NULL, seq bigint NOT NULL)",
        f"INSERT INTO {SCHEMA}.state VALUES ({VERSION}, 0)",
        f"CREATE TABLE {SCHEMA}.partitions ("
        " number integer GENERATED ALWAYS AS IDENTITY UNIQUE, collection_id text, encoder text,"
        " dimension integer NOT NULL, faces bigint NOT NULL DEFAULT 0,"
        " graph boolean NOT NULL DEFAULT false, PRIMARY KEY (collection_id, encoder))",
    ):
        connection.execute(text(statement))


def pgvector_version(connection: Connection) -> tuple[int, ...]:
    """The installed version, or () without one."""
    version = connection.execute(
        text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    ).scalar()
    return tuple(int(part) for part in str(version).split(".")) if version else ()


def _is_prepared(connection: Connection) -> bool:
    there = connection.execute(
        text("SELECT to_regclass(:name) IS NOT NULL"), {"name": f"{SCHEMA}.partitions"}
    ).scalar_one()
    if not there:
        return False
    version = connection.execute(text(f"SELECT version FROM {SCHEMA}.state")).scalar()
    return bool(version == VERSION)


def _binary_rows(ids: Ids, vectors: Vectors) -> bytes:
    """PostgreSQL's binary COPY format of (id, vector) rows."""
    dimension = vectors.shape[1]
    rows = np.zeros(
        len(ids),
        dtype=[
            ("fields", ">i2"),
            ("id_size", ">i4"),
            ("id", ">i8"),
            ("vector_size", ">i4"),
            ("dimension", ">i2"),
            ("unused", ">i2"),
            ("vector", ">f4", (dimension,)),
        ],
    )
    rows["fields"], rows["id_size"], rows["id"] = 2, 8, ids
    rows["vector_size"], rows["dimension"], rows["vector"] = 4 + 4 * dimension, dimension, vectors
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff"


def _literals(probes: Vectors) -> list[str]:
    """Nine digits give every float32 back."""
    return ["[" + ",".join(f"{number:.9g}" for number in probe) + "]" for probe in probes.tolist()]


def _matrices(rows: Sequence[Any], probes: int, k: int) -> tuple[Vectors, Ids]:
    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    distances = np.fromiter((row[1] for row in rows), np.float32, len(rows))
    return -distances.reshape(probes, k), ids.reshape(probes, k)


_statements: dict[str, TextClause] = {}


def _statement(query: str) -> TextClause:
    """Compiled once: parsing the text costs more than running most of these."""
    return _statements.setdefault(query, text(query))
