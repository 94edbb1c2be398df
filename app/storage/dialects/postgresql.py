"""PostgreSQL: a server of its own, shared by any number of machines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from limits.storage import Storage
from sqlalchemy import (
    ARRAY,
    URL,
    BigInteger,
    ClauseElement,
    ColumnElement,
    Connection,
    Engine,
    Insert,
    Select,
    SQLColumnExpression,
    Text,
    Update,
    case,
    cast,
    create_engine,
    event,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, psycopg
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.types import TypeEngine

from app.domain.errors import FacetError
from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import Scalar
from app.domain.metadata import read_json
from app.platform.progress import Report
from app.storage.dialects import meanings
from app.storage.dialects.protocol import Engines, lock_number
from app.storage.dialects.rate_counters import CounterTable

UPGRADE_LOCK = 0x6661636574
"""The advisory lock of an upgrade: "facet" in ASCII."""
_INDEX_LOCKS = 0x66616365
"""First key of the locks of indexes, "face" in ASCII; the second is the index's."""
_CONNECTIONS = 16
_LEAST_CONNECTIONS = 4

_COMPILING = psycopg.dialect()  # type: ignore[no-untyped-call]
_WITHOUT_DISK: Any = literal_column("set_config('synchronous_commit', 'off', true)")
_LOCKED = {"55P03", "40P01", "40001"}  # lock timeout, deadlock, serialization failure
_FULL = {"53100"}
_READ_ONLY = {"25006"}  # such as a standby that a fail-over has left
_NO_TABLE = {"42P01", "42703", "3F000"}
_BROKEN_CLASSES = {"08", "28", "3D", "53", "57", "58", "XX"}


Step = tuple[ClauseElement, Sequence[Mapping[str, Any]]]
"""A statement, and the values of each of its runs."""


class Postgresql:
    """The dialect of a server that is reached by psycopg."""

    name = "postgresql"
    aliases: tuple[str, ...] = ("postgres",)
    title = "PostgreSQL"
    example = "postgresql://user@host/name"
    driver_errors: tuple[type[Exception], ...] = ()
    word: TypeEngine[str] = Text(collation="C")  # else the order of the server's language
    big_id: TypeEngine[int] = BigInteger()
    ids_once: Mapping[str, Any] = {}
    rebuilds_tables = False

    def address(self, url: URL) -> URL:
        return url.set(drivername="postgresql+psycopg")

    def exists(self, address: URL) -> bool:
        return True

    def open(self, address: URL, *, busy_timeout: float, processes: int) -> Engines:
        connections = max(_LEAST_CONNECTIONS, ceil(_CONNECTIONS / processes))
        writer = create_engine(
            address,
            hide_parameters=True,
            pool_size=connections,
            max_overflow=connections,
            pool_timeout=busy_timeout,
            pool_pre_ping=True,
            json_deserializer=read_json,
            connect_args={"connect_timeout": 10},
        )
        event.listen(writer, "connect", _settings(busy_timeout))
        event.listen(writer, "checkout", _in_the_servers_mode)
        return Engines(self.snapshots_of(writer), writer, self)

    def open_unpooled(self, address: URL, *, busy_timeout: float, **options: Any) -> Engine:
        return create_engine(address, **options)

    def snapshots_of(self, engine: Engine) -> Engine:
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def begin_reading(self, connection: Connection) -> None:
        """The driver begins with the first statement."""

    def begin_writing(
        self, connection: Connection, clock: Select[Any], *, durable: bool = True
    ) -> Sequence[Any] | None:
        connection.begin()  # sends nothing, but lets SQLAlchemy know that one has to end
        driver: Any = connection.connection.driver_connection
        driver.autocommit = True  # else it begins by a round trip of its own
        with self._meanings():
            # Without values several statements are one question.
            cursor = driver.cursor().execute(f"BEGIN; {_compiled(_held(clock, durable))}")
            cursor.nextset()
            row: Sequence[Any] | None = cursor.fetchone()
        return row

    def run(self, connection: Connection, *steps: Step) -> Sequence[Any] | None:
        if not connection.in_transaction():
            connection.begin()  # sends nothing, but lets SQLAlchemy know that one has to end
        driver: Any = connection.connection.driver_connection
        asked = _asked(steps)
        with self._meanings():
            # Several are one round trip, the transaction's beginning included.
            with _pipeline(driver) if len(asked) > 1 else nullcontext():
                cursors = [driver.cursor().execute(_compiled(step), one) for step, one in asked]
            row: Sequence[Any] | None = cursors[0].fetchone() if cursors[0].description else None
        return row

    @contextmanager
    def _meanings(self) -> Iterator[None]:
        """Translate errors of the driver, which is asked past SQLAlchemy."""
        try:
            yield
        except Exception as error:
            meaning = self.meaning(error) if self.raised(error) else None
            if meaning is None:
                raise
            raise meaning from error

    def begin_upgrade(self, connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})

    def dangling_table(self, connection: Connection) -> str | None:
        return None  # foreign keys are always followed

    def counters(self, engines: Engines) -> Storage | None:
        return CounterTable(engines.writer)

    @contextmanager
    def index_lock(self, engine: Engine, index: str) -> Iterator[None]:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET lock_timeout = 0"))
            query = text("SELECT pg_advisory_lock(:locks, :index)")
            connection.execute(query, _index_keys(index))
            try:
                yield
            finally:
                connection.invalidate()  # and with the session go its setting and its lock

    def try_index_lock(self, connection: Connection, index: str) -> bool:
        query = text("SELECT pg_try_advisory_xact_lock(:locks, :index)")
        return bool(connection.execute(query, _index_keys(index)).scalar_one())

    def checkpoint(self, connect: Callable[[], AbstractContextManager[Connection]]) -> bool | None:
        return None

    def copy_file(self, address: URL, target: Path, report: Report) -> bool:
        return False

    def last_id(self, connection: Connection, table: str) -> int:
        query = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {table}_id_seq"  # noqa: S608 - a table of ours
        return connection.execute(text(query)).scalar() or 0

    def set_last_id(self, connection: Connection, table: str, last: int) -> None:
        values = {"sequence": f"{table}_id_seq", "last": last}
        connection.execute(text("SELECT setval(CAST(:sequence AS regclass), :last)"), values)

    def list_type(self, item: TypeEngine[Any]) -> TypeEngine[Any]:
        return ARRAY(item)

    def list_value(self, values: Sequence[Any]) -> Any:
        return list(values)

    def is_among(self, column: str, values: str) -> str:
        return f"{column} = ANY({values})"

    def instant(self, utc: datetime) -> datetime:
        return utc

    def having(
        self, column: SQLColumnExpression[Any], metadata: Mapping[str, Scalar]
    ) -> Iterator[ColumnElement[bool]]:
        yield cast(_sound(column), JSONB).contains(dict(metadata))

    def raised(self, error: BaseException | None) -> bool:
        return hasattr(error, "sqlstate")  # psycopg is an extra that need not be there

    def meaning(self, error: DBAPIError | Exception) -> FacetError | None:
        if isinstance(error, DataError):
            return InvalidRequestError("The database cannot hold one of these values.")
        state: str | None = getattr(getattr(error, "orig", error), "sqlstate", None)
        if state in _LOCKED:
            return meanings.locked()
        if state in _FULL:
            return meanings.full()
        if state in _READ_ONLY:
            return meanings.read_only()
        if state in _NO_TABLE:
            return meanings.outdated()
        # The driver reports a server it cannot reach, or lost, without any state.
        if state is None or state[:2] in _BROKEN_CLASSES:
            return meanings.unavailable()
        return None


@cache
def _held(clock: Select[Any], durable: bool) -> Select[Any]:
    """The clock's row, locked; the same question says whether the commit waits for the disk."""
    held = clock.with_for_update()
    return held if durable else held.add_columns(_WITHOUT_DISK)


def _asked(steps: Sequence[Step]) -> list[tuple[ClauseElement, Mapping[str, Any]]]:
    """Statements with their values; the insertion of one row and a change behind it as one."""
    match steps:
        case ((Insert() as insertion, [row]), (Update() as change, [values])):
            return [(_both(insertion, change), {**row, **values})]
    return [(statement, one) for statement, values in steps for one in values]


@cache
def _both(insertion: Insert, change: Update) -> Insert:
    return insertion.add_cte(change.cte("changed"))


@cache
def _compiled(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=_COMPILING))


def _pipeline(driver: Any) -> AbstractContextManager[object]:
    """Send what is asked in the block at once, where the driver's library can."""
    from psycopg import Pipeline

    pipeline: AbstractContextManager[object] = driver.pipeline()
    return pipeline if Pipeline.is_supported() else nullcontext()


def _sound(column: SQLColumnExpression[Any]) -> ColumnElement[str]:
    r"""The column without what JSONB cannot hold, \u0000: one such row would fail every search."""
    stored = cast(column, Text)
    return case(
        (stored.regexp_match(r"(^|[^\\])(\\\\)*\\u0000"), literal_column("'{}'")), else_=stored
    )


def _index_keys(index: str) -> dict[str, int]:
    return {"locks": _INDEX_LOCKS, "index": lock_number(index)}


def _in_the_servers_mode(connection: Any, *_: object) -> None:
    """Instead of READ WRITE, which SQLAlchemy asks for after a reader: a standby would not say
    that it is read-only, but that it lacks the feature.
    """
    connection.read_only = None
    connection.autocommit = False  # as it was before a writer


def _settings(busy_timeout: float) -> Any:
    def configure(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {max(1, round(busy_timeout * 1000))}")
        connection.commit()

    return configure
