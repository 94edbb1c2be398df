"""Transactions: a snapshot to read, or one writer at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.storage.engine import Engines, open_engines
from app.storage.errors import domain_errors, locked
from app.storage.repositories.access import SqlIdempotency, SqlKeys
from app.storage.repositories.allowances import SqlAllowances
from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.collections import SqlCollections
from app.storage.repositories.faces import SqlFaces
from app.storage.repositories.image_rows import SqlImages
from app.storage.repositories.jobs import SqlJobs
from app.storage.repositories.staging import SqlStagedTemplates
from app.storage.repositories.styles import SqlStyles
from app.storage.repositories.subjects import SqlSubjects
from app.storage.tables import ChangeClockRow
from app.storage.turns import in_turn, take_turn


class SqlUnitOfWork:
    """One transaction and the repositories that take part in it."""

    def __init__(self, connection: Connection) -> None:
        self.changes = SqlChangeLog(connection)
        self.collections = SqlCollections(connection, self.changes)
        self.subjects = SqlSubjects(connection, self.changes)
        self.faces = SqlFaces(connection, self.changes)
        self.staged = SqlStagedTemplates(connection, self.changes)
        self.images = SqlImages(connection)
        self.keys = SqlKeys(connection)
        self.idempotency = SqlIdempotency(connection)
        self.allowances = SqlAllowances(connection, self.changes)
        self.jobs = SqlJobs(connection, self.changes)
        self.styles = SqlStyles(connection, self.changes)


IN_DATABASE = "pgvector"
"""The name of the index that lives in the database itself."""
_CHECKPOINT_MILLISECONDS = 200
"""For readers and writers of the moment to end; nobody else writes meanwhile."""
Companion = Callable[[SqlUnitOfWork, Connection], None]
"""What a transaction that changes faces does besides, before it commits."""


class SqlStorage:
    """The gallery in SQLite or PostgreSQL. Thread-safe; every block has its own connection.

    Blocks raise DatabaseLockedError, StorageFullError or DatabaseUnavailableError. The schema
    has to be current, see `app.storage.schema`.
    """

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self.companion: Companion | None = None
        """Brings an index in the same PostgreSQL along, in the same transaction."""

    @classmethod
    def open(cls, url: str, *, busy_timeout: float = 5.0) -> "SqlStorage":
        """Storage at `url`; writers wait `busy_timeout` seconds for their turn."""
        return cls(open_engines(url, busy_timeout=busy_timeout))

    @contextmanager
    def read(self) -> Iterator[SqlUnitOfWork]:
        """A consistent snapshot, taken at the first question asked."""
        with domain_errors(), self._engines.reader.connect() as connection:
            if self._engines.is_sqlite:
                connection.exec_driver_sql("BEGIN DEFERRED")
            yield SqlUnitOfWork(connection)

    @contextmanager
    def write(self) -> Iterator[SqlUnitOfWork]:
        """Commits when the block ends, rolls back when it raises. Writers come one by one.

        Do not nest: the inner writer would wait for the outer one.
        """
        with domain_errors(), _writer(self._engines.writer) as connection:
            if self._engines.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                # The same promise as SQLite's: what the block has read stays true.
                connection.execute(select(ChangeClockRow.seq).with_for_update())
            uow = SqlUnitOfWork(connection)
            yield uow
            # Whoever has the turn is catching up with the log and will find these lines there.
            if self.companion and uow.changes.written and take_turn(connection, IN_DATABASE):
                self.companion(uow, connection)
            uow.changes.count_erasure()
            connection.commit()

    @contextmanager
    def in_turn(self, index: str) -> Iterator[None]:
        """Alone with the index of that name among all processes on this database.

        Readers and writers do not wait for it, only those who bring that index up to date.
        """
        with domain_errors(), in_turn(self._engines.writer, index):
            yield

    def checkpoint(self) -> bool | None:
        """Empty SQLite's write-ahead log, which still holds the bytes of erased rows.

        False when a reader keeps the log in use: then it has to be tried again later, since
        other writers wait meanwhile. None for PostgreSQL, which has no such log within reach.
        """
        if not self._engines.is_sqlite:
            return None
        with domain_errors(), _writer(self._engines.writer) as connection:
            patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {_CHECKPOINT_MILLISECONDS}")
            try:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")
        return not busy

    def close(self) -> None:
        """Close the pooled connections."""
        self._engines.dispose()


@contextmanager
def _writer(engine: Engine) -> Iterator[Connection]:
    """A connection of the writer pool; on SQLite there is one, so waiting for it is a lock."""
    try:
        connection = engine.connect()
    except PoolTimeoutError as error:
        raise locked() from error
    with connection:
        yield connection
