"""Transactions: a snapshot to read, or one writer at a time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from limits.storage import Storage
from sqlalchemy import Connection, Engine, Select, select
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.domain.protection import CollectionSeals, Rotations, Seal
from app.storage.audit_repository import AUDIT_CLOCK, SqlAudit
from app.storage.dialects.meanings import locked
from app.storage.dialects.protocol import Engines
from app.storage.engine import open_engines
from app.storage.errors import domain_errors
from app.storage.repositories.access import SqlIdempotency, SqlKeys
from app.storage.repositories.allowances import SqlAllowances
from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.collections import SqlCollections
from app.storage.repositories.faces import SqlFaces
from app.storage.repositories.foreign.labels import SqlLabels
from app.storage.repositories.foreign.signatures import SqlSignatures
from app.storage.repositories.foreign.tags import SqlTags
from app.storage.repositories.image_rows import SqlImages
from app.storage.repositories.job_files import SqlJobFiles
from app.storage.repositories.jobs import SqlJobs
from app.storage.repositories.notifying.events import SqlEvents
from app.storage.repositories.notifying.webhooks import SqlWebhooks
from app.storage.repositories.operations import SqlOperations
from app.storage.repositories.people.groups import SqlGroups
from app.storage.repositories.people.ledger import SqlLedger
from app.storage.repositories.people.namings import SqlNamings
from app.storage.repositories.people.negatives import SqlNegatives
from app.storage.repositories.people.receipts import SqlReceipts
from app.storage.repositories.people.rights import SqlRights
from app.storage.repositories.people.sightings import SqlSightings
from app.storage.repositories.people.suggestions import SqlSuggestions
from app.storage.repositories.protection import SqlProtection
from app.storage.repositories.stored.rotations import SqlRotations
from app.storage.repositories.stored.sealed import SealedCollections
from app.storage.repositories.stored.staging import SqlStagedTemplates
from app.storage.repositories.stored.templates import StoredTemplates
from app.storage.repositories.styles import SqlStyles
from app.storage.repositories.subjects import SqlSubjects
from app.storage.repositories.upkeep.calibrations import SqlCalibrations
from app.storage.repositories.upkeep.compaction import SqlCompaction
from app.storage.repositories.upkeep.counted import Counts
from app.storage.repositories.upkeep.surveys import SqlSurveys
from app.storage.sessions.repository import SqlSessions
from app.storage.tables import ChangeClockRow

Result = TypeVar("Result")


class SqlUnitOfWork:
    """One transaction and the repositories that take part in it."""

    def __init__(
        self,
        connection: Connection,
        seal: Seal | None = None,
        rotations: Rotations | None = None,
        seals: CollectionSeals | None = None,
        counts: Counts | None = None,
    ) -> None:
        stored = StoredTemplates(rotations)
        sealed = SealedCollections(connection, seals)
        self.changes = SqlChangeLog(connection)
        self.compaction = SqlCompaction(connection)
        self.collections = SqlCollections(connection, self.changes, stored, sealed, counts)
        self.subjects = SqlSubjects(connection, self.changes, sealed)
        self.faces = SqlFaces(connection, self.changes, stored)
        self.staged = SqlStagedTemplates(connection, self.changes, stored)
        self.images = SqlImages(connection)
        self.keys = SqlKeys(connection)
        self.sessions = SqlSessions(connection)
        self.idempotency = SqlIdempotency(connection, sealed)
        self.allowances = SqlAllowances(connection, self.changes)
        self.operations = SqlOperations(connection, self.changes, sealed)
        self.groups = SqlGroups(connection)
        self.sightings = SqlSightings(connection, self.changes, self.groups, stored, sealed)
        self.negatives = SqlNegatives(connection, stored)
        self.suggestions = SqlSuggestions(connection)
        self.namings = SqlNamings(connection, stored, self.groups)
        self.events = SqlEvents(connection, sealed)
        self.calibrations = SqlCalibrations(connection)
        self.surveys = SqlSurveys(connection)
        self.webhooks = SqlWebhooks(connection, sealed)
        self.jobs = SqlJobs(connection, SqlJobFiles(connection, self.changes, seal))
        self.styles = SqlStyles(connection, self.changes)
        self.protection = SqlProtection(connection, sealed)
        self.rotations = SqlRotations(connection, stored)
        self.audit = SqlAudit(connection, seal)
        self.ledger = SqlLedger(connection)
        self.receipts = SqlReceipts(connection)
        self.rights = SqlRights(connection, self.changes, sealed)
        self.labels = SqlLabels(connection, self.subjects, sealed)
        self.tags = SqlTags(connection)
        self.signatures = SqlSignatures(connection)
        self.result: Any = None
        """Result of the action that this transaction makes, for the audit record."""

    def note_result(self, result: Result) -> Result:
        """Keep the result of the action for its entry; gives it back."""
        self.result = result
        return result


CLOCK = select(ChangeClockRow.seq)
"""The row that every writer holds until it commits."""
BeforeCommit = Callable[[SqlUnitOfWork, Connection], None]
"""What a transaction that changes faces does besides, before it commits."""
Recorder = Callable[[SqlUnitOfWork], Callable[[], None]]
"""Records a change in its transaction; gives what is to be called after the commit."""


class SqlStorage:
    """The gallery in SQLite or PostgreSQL. Thread-safe; every block has its own connection.

    Blocks raise DatabaseLockedError, StorageFullError or DatabaseUnavailableError. The schema
    has to be current, see `app.storage.schema`.
    """

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._index: tuple[str, BeforeCommit] | None = None
        self._seal: Seal | None = None
        self._rotations: Rotations | None = None
        self._recorder: Recorder | None = None
        self._seals: CollectionSeals | None = None
        self._counts = Counts()

    @classmethod
    def open(cls, url: str, *, busy_timeout: float = 5.0) -> "SqlStorage":
        """Storage at `url`; writers wait `busy_timeout` seconds for each other."""
        return cls(open_engines(url, busy_timeout=busy_timeout))

    def seal_with(
        self,
        seal: Seal,
        rotations: Rotations | None = None,
        seals: CollectionSeals | None = None,
    ) -> None:
        """Have files of jobs sealed, and the audit record marked, from now on.

        With `rotations` templates of new collections are stored under them, and those of
        protected ones can be read. With `seals` there can be sealed collections.
        """
        self._seal, self._rotations, self._seals = seal, rotations, seals

    def index_within(self, name: str, follow: BeforeCommit) -> None:
        """Have transactions that change faces bring an index in the same database up to date."""
        self._index = name, follow

    def record_within(self, record: Recorder) -> None:
        """Have changes recorded as the last step of their transactions."""
        self._recorder = record

    @contextmanager
    def read(self) -> Iterator[SqlUnitOfWork]:
        """A consistent snapshot, taken at the first question asked."""
        with domain_errors(), self._engines.reader.connect() as connection:
            self._engines.dialect.begin_reading(connection)
            yield SqlUnitOfWork(connection, self._seal, self._rotations, self._seals)

    @contextmanager
    def write(self, *, durable: bool = True, recorded: bool = True) -> Iterator[SqlUnitOfWork]:
        """Commits when the block ends, rolls back when it raises. Writers come one by one.

        Raises CollectionFullError at the end, where a collection has grown beyond its policy.
        Without `durable` the disk is not waited for, as in `append_audit`. Without `recorded` it
        is no part of the action under way, see `record_within`. Do not nest: the inner writer
        would wait for the outer one.
        """
        record = self._recorder if recorded else None
        with domain_errors(), self._writing(CLOCK, durable=durable) as (connection, _):
            uow = SqlUnitOfWork(connection, self._seal, self._rotations, self._seals, self._counts)
            yield uow
            uow.collections.check_bounds()
            self._follow(uow, connection)
            uow.changes.count_erasure()
            # The last step: from here on nobody else can write to the record.
            committed = record(uow) if record is not None else None
            connection.commit()
        self._counts.keep(uow.collections.counted)
        if committed is not None:
            committed()

    @contextmanager
    def append_audit(self, *, durable: bool = True) -> Iterator[SqlAudit]:
        """Write to the audit record alone; commits when the block ends.

        Those who write to the gallery are not waited for, where the database has room for more
        than one writer. Without `durable` the disk is not waited for: what was written outlives
        the process, and the machine's end once a durable transaction came after it. Do not nest.
        """
        with domain_errors(), self._writing(AUDIT_CLOCK, durable=durable) as (connection, held):
            yield SqlAudit(connection, self._seal, held)
            connection.commit()

    @contextmanager
    def index_lock(self, index: str) -> Iterator[None]:
        """Alone with the index of that name among all processes on this database.

        Readers and writers do not wait for it, only those who bring that index up to date.
        """
        with domain_errors(), self._engines.dialect.index_lock(self._engines.writer, index):
            yield

    def checkpoint(self) -> bool | None:
        """Empty SQLite's write-ahead log, which still holds the bytes of erased rows.

        False when a reader keeps the log in use: then it has to be tried again later, since
        other writers wait meanwhile. None for PostgreSQL, which has no such log within reach.
        """
        with domain_errors():
            return self._engines.dialect.checkpoint(lambda: _writer(self._engines.writer))

    def counters(self) -> Storage | None:
        """Counters of rates for all servers on the database; None where one server has it."""
        return self._engines.dialect.counters(self._engines)

    def close(self) -> None:
        """Close the pooled connections."""
        self._engines.dispose()

    @contextmanager
    def _writing(
        self, clock: Select[Any], *, durable: bool
    ) -> Iterator[tuple[Connection, Sequence[Any] | None]]:
        """A connection in a transaction of whoever holds that clock; its row, where it was read."""
        with _writer(self._engines.writer) as connection:
            held = self._engines.dialect.begin_writing(connection, clock, durable=durable)
            yield connection, held

    def _follow(self, uow: SqlUnitOfWork, connection: Connection) -> None:
        if self._index is None or not uow.changes.written:
            return
        name, follow = self._index
        # Whoever has the lock is catching up with the log and will find these lines there.
        if self._engines.dialect.try_index_lock(connection, name):
            follow(uow, connection)


@contextmanager
def _writer(engine: Engine) -> Iterator[Connection]:
    """A connection of the writer pool; on SQLite there is one, so waiting for it is a lock."""
    try:
        connection = engine.connect()
    except PoolTimeoutError as error:
        raise locked() from error
    with connection:
        yield connection
