"""Everything that the storage asks of a database, beyond the SQL that all of them understand."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from limits.storage import Storage
from sqlalchemy import (
    URL,
    ClauseElement,
    ColumnElement,
    Connection,
    Engine,
    Select,
    SQLColumnExpression,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from app.domain.errors import FacetError
from app.domain.gallery import Scalar
from app.platform.progress import Report


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine for readers and one for writers, which need other settings."""

    reader: Engine
    writer: Engine
    dialect: "Dialect"

    def dispose(self) -> None:
        """Close the pooled connections."""
        self.reader.dispose()
        self.writer.dispose()


class Dialect(Protocol):
    """One kind of database. Stateless."""

    name: str
    """SQLAlchemy's name of it, with which its URLs begin."""
    aliases: tuple[str, ...]
    """Other names with which URLs begin."""
    title: str
    """Its name for people."""
    example: str
    """A URL, to be shown to whoever gave one that cannot be read."""
    driver_errors: tuple[type[Exception], ...]
    """What its driver raises where SQLAlchemy is not between."""

    word: TypeEngine[str]
    """A text that is ordered by its code points, which cursors and prefixes need."""
    big_id: TypeEngine[int]
    """A key of 64 bits that the database hands out."""
    ids_once: Mapping[str, Any]
    """Options of a table whose ids never come back, not even those of erased rows."""
    rebuilds_tables: bool
    """Whether a table has to be built anew for most changes to its columns."""

    def address(self, url: URL) -> URL:
        """The URL with the driver filled in. Raises DatabaseUnavailableError."""

    def exists(self, address: URL) -> bool:
        """False where connecting would make the database."""

    def open(self, address: URL, *, busy_timeout: float, processes: int) -> Engines:
        """Pooled engines, the connections shared by so many processes; connects lazily.

        `busy_timeout` is how long a writer waits for the others, in seconds.
        """

    def open_unpooled(self, address: URL, *, busy_timeout: float, **options: Any) -> Engine:
        """An engine that follows no foreign keys where tables are rebuilt; with SQLAlchemy's
        options.
        """

    def snapshots_of(self, engine: Engine) -> Engine:
        """The engine for transactions that only read, and see one moment."""

    def begin_reading(self, connection: Connection) -> None:
        """Begin a transaction that sees one moment."""

    def begin_writing(
        self, connection: Connection, clock: Select[Any], *, durable: bool = True
    ) -> Sequence[Any] | None:
        """Begin a transaction that is alone in writing: it holds the row that `clock` selects,
        which it gives, or the database, and gives None.

        Its commit waits for the disk if it is to be `durable`. One that is not outlives its
        process, whatever becomes of that; the end of the machine only when a later transaction
        has waited for the disk.
        """

    def run(
        self, connection: Connection, *steps: tuple[ClauseElement, Sequence[Mapping[str, Any]]]
    ) -> Sequence[Any] | None:
        """Run statements as cheaply as the driver can, each as often as it has values, which are
        texts and numbers; the first row of the first one, if it gives any.

        Statements are kept: they have to be few, each made once. Raises what `meaning` tells, or
        the driver's errors.
        """

    def begin_upgrade(self, connection: Connection) -> None:
        """Begin a transaction that is alone in changing the tables."""

    def dangling_table(self, connection: Connection) -> str | None:
        """A table with rows that refer to nothing, where foreign keys are not followed."""

    def counters(self, engines: Engines) -> Storage | None:
        """Counters of rates for all servers on the database; None where one server has it."""

    def index_lock(self, engine: Engine, index: str) -> AbstractContextManager[None]:
        """Alone with the index of that name among all processes; waits as long as it takes.

        The lock goes with its process, however that ends.
        """

    def try_index_lock(self, connection: Connection, index: str) -> bool:
        """Take the same lock until the transaction ends. False when it is taken, or when no index
        can live in the database.
        """

    def checkpoint(self, connect: Callable[[], AbstractContextManager[Connection]]) -> bool | None:
        """Empty the log that holds the bytes of erased rows; whether that was possible.

        None where there is no such log within reach.
        """

    def copy_file(self, address: URL, target: Path, report: Report) -> bool:
        """Copy the database's own file as of one moment. False where rows have to be copied."""

    def last_id(self, connection: Connection, table: str) -> int:
        """The last id handed out in the table, 0 for none: also an erased row's does not return."""

    def set_last_id(self, connection: Connection, table: str, last: int) -> None:
        """Go on behind that id; it is at least 1."""

    def list_type(self, item: TypeEngine[Any]) -> TypeEngine[Any]:
        """The type of a parameter that holds any number of values."""

    def list_value(self, values: Sequence[Any]) -> Any:
        """The values as such a parameter."""

    def is_among(self, column: str, values: str) -> str:
        """SQL that compares a column with such a parameter, and can use an index."""

    def instant(self, utc: Any) -> Any:
        """An aware datetime in UTC as the driver takes it."""

    def having(
        self, column: SQLColumnExpression[Any], metadata: Mapping[str, Scalar]
    ) -> Iterator[ColumnElement[bool]]:
        """Conditions that a column of JSON has all of the metadata at the top."""

    def meaning(self, error: DBAPIError | Exception) -> FacetError | None:
        """Translate an error of its driver; None for one that nobody expects."""

    def raised(self, error: BaseException | None) -> bool:
        """Whether the error is of its driver."""


def lock_number(name: str) -> int:
    """A number for the lock of that name: 31 bits, not negative."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF
