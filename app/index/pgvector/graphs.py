"""HNSW graphs for tables that have grown, built while the tables serve."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.index.pgvector.tables import LARGEST_GRAPH_DIMENSION, SCHEMA, Shard

_M = 32
"""Neighbours of a node; with pgvector's default of 16 too many best hits are missed."""
_EF_CONSTRUCTION = 200
_MEMORY = "512MB"
_RETRY_SECONDS = 60.0
_LOCK_SPACE = 0x66616365
"""First key of the advisory locks under which graphs are built; the second is the table's."""

_log = structlog.get_logger("app.index")


class GraphBuilder:
    """Builds one graph at a time, in a thread of its own, and at most one per table anywhere."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="graphs")
        self._lock = threading.Lock()
        self._running: dict[int, Future[None]] = {}
        self._not_before: dict[int, float] = {}

    def request(self, shard: Shard) -> None:
        """Have the table's graph built; does nothing while that is under way."""
        if shard.dimension > LARGEST_GRAPH_DIMENSION:
            return
        with self._lock:
            running = self._running.get(shard.number)
            if running is not None and not running.done():
                return
            if time.monotonic() < self._not_before.get(shard.number, 0.0):
                return
            self._not_before[shard.number] = time.monotonic() + _RETRY_SECONDS
            self._running[shard.number] = self._pool.submit(self._build, shard)

    def wait(self) -> None:
        """Return when nothing is under way."""
        with self._lock:
            running = list(self._running.values())
        wait(running)

    def _build(self, shard: Shard) -> None:
        start = time.perf_counter()
        try:
            with self._engine.connect() as connection:
                alone = connection.execution_options(isolation_level="AUTOCOMMIT")
                # The session's settings and lock go with the connection.
                alone.detach()
                built = _build(alone, shard)
        except SQLAlchemyError as error:
            _log.warning("graph not built", table=shard.table, error=type(error).__name__)
            return
        if built:
            seconds = round(time.perf_counter() - start, 1)
            _log.info("graph built", table=shard.table, vectors=shard.faces, seconds=seconds)


def _build(connection: Connection, shard: Shard) -> bool:
    """Whether it was this call that built it. Searches and changes go on meanwhile."""
    keys = {"space": _LOCK_SPACE, "number": shard.number}
    locked = connection.execute(text("SELECT pg_try_advisory_lock(:space, :number)"), keys)
    if not locked.scalar_one():
        return False
    complete = connection.execute(
        text(f"SELECT graph FROM {SCHEMA}.partitions WHERE number = :number"), keys
    ).scalar()
    if complete is not False:  # built by another process, or dropped
        return False
    name = f"graph_{shard.number}"
    for statement in (
        "SET lock_timeout = 0",
        f"SET maintenance_work_mem = '{_MEMORY}'",
        f"DROP INDEX IF EXISTS {SCHEMA}.{name}",  # what an interrupted build has left
        f"CREATE INDEX CONCURRENTLY {name} ON {shard.table} USING hnsw"
        f" ((vector::halfvec({shard.dimension})) halfvec_ip_ops)"
        f" WITH (m = {_M}, ef_construction = {_EF_CONSTRUCTION})",
    ):
        connection.execute(text(statement))
    connection.execute(
        text(f"UPDATE {SCHEMA}.partitions SET graph = true WHERE number = :number"), keys
    )
    return True
