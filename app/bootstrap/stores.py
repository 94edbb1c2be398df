"""The database, and the index over it."""

from dataclasses import dataclass

from app.domain.errors import IndexUnavailableError
from app.index.exact import ExactIndex
from app.index.faiss_flat import FaissFlatIndex
from app.index.milvus import MilvusIndex
from app.index.pgvector import PgvectorIndex
from app.services.backup import Backups
from app.services.following import IndexFollower, bring_along
from app.services.ports import VectorIndex
from app.settings import Settings
from app.storage.archive import DatabaseArchive, DatabaseCopies
from app.storage.engine import Engines, open_engines
from app.storage.errors import domain_errors
from app.storage.images import FileImageStore
from app.storage.schema import upgrade
from app.storage.unit_of_work import SqlStorage

_INDEXES = {"faiss": FaissFlatIndex, "exact": ExactIndex}


@dataclass(frozen=True, slots=True)
class Stores:
    """Rows in the database, the vectors of an index over them, and what keeps the two alike."""

    storage: SqlStorage
    index: VectorIndex
    follower: IndexFollower


def open_stores(settings: Settings) -> Stores:
    """The database, its schema brought up to date first, and the index.

    Raises StorageError, and IndexUnavailableError when the index cannot be had.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    upgrade(settings.resolved_database_url)
    engines = open_engines(settings.resolved_database_url, busy_timeout=settings.database_timeout)
    index = open_index(settings, engines)
    if isinstance(index, PgvectorIndex):
        within = index.within
        storage = SqlStorage(engines, companion=lambda uow, c: bring_along(within(c), uow))
    else:
        storage = SqlStorage(engines)
    shared = isinstance(index, PgvectorIndex | MilvusIndex)
    return Stores(
        storage, index, IndexFollower(storage, index, turns=storage.in_turn if shared else None)
    )


def open_index(settings: Settings, engines: Engines) -> VectorIndex:
    """The index that the settings name. Raises IndexUnavailableError when it cannot be had."""
    kind = settings.resolved_index
    if kind == "milvus":
        return MilvusIndex(settings.index_url.get_secret_value())
    if kind != "pgvector":
        return _INDEXES[kind]()
    if engines.is_sqlite:
        raise IndexUnavailableError(
            "The index pgvector lives in PostgreSQL, and the database is SQLite.",
            hint="Set FACET_DATABASE_URL=postgresql+psycopg://…, or FACET_INDEX=faiss.",
        )
    return PgvectorIndex(engines.reader, engines.writer, guard=domain_errors)


def open_backups(settings: Settings) -> tuple[Backups, VectorIndex]:
    """What takes and restores backups, without any network; and the index to clear after one."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = settings.resolved_database_url
    engines = open_engines(url, busy_timeout=settings.database_timeout)
    archive = DatabaseArchive(url, engines)
    images = FileImageStore(settings.data_dir / "images")
    return Backups(archive, DatabaseCopies(), images, FileImageStore), open_index(settings, engines)
