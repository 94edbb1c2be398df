"""The database, and the index over it."""

from dataclasses import dataclass

from app.bootstrap.privacy import close_to_others
from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.trouble import IndexUnavailableError
from app.index.exact import ExactIndex
from app.index.faiss_flat import FaissFlatIndex
from app.index.growing.index import GrowingIndex
from app.index.growing.saved import SavedIndex
from app.index.milvus.index import MilvusIndex
from app.index.pgvector.index import PgvectorIndex
from app.services.indexing.following import IndexFollower
from app.services.indexing.maintenance import IndexMaintenance
from app.services.indexing.migration import IndexMigration
from app.services.indexing.sharing import SharedIndexFollower, bring_along
from app.services.moving.backup import Backups
from app.services.ports import VectorIndex
from app.settings import Settings
from app.storage.archive import DatabaseArchive, DatabaseCopies
from app.storage.engine import Engines, open_engines
from app.storage.errors import domain_errors
from app.storage.images import FileImageStore
from app.storage.schema import upgrade
from app.storage.unit_of_work import IN_DATABASE, SqlStorage
from models.places import made_directory


@dataclass(frozen=True, slots=True)
class Stores:
    """Rows in the database, the vectors of an index over them, and what keeps the two alike."""

    storage: SqlStorage
    index: VectorIndex
    follower: IndexFollower
    index_work: GrowingIndex | None = None
    """What the index does beside the requests."""


def open_stores(settings: Settings, processes: int = 1) -> Stores:
    """The database, its schema brought up to date first, and the index, for one of the processes.

    Raises StorageError, and IndexUnavailableError when the index cannot be had.
    """
    made_directory(settings.data_dir, "Set FACET_DATA_DIR to a place that this user can write to.")
    url = settings.resolved_database_url
    close_to_others(settings)
    upgrade(url)
    engines = open_engines(url, busy_timeout=settings.database_timeout, processes=processes)
    index = open_index(settings, engines)
    storage = SqlStorage(engines)
    if isinstance(index, PgvectorIndex):
        storage.companion = lambda uow, c: bring_along(storage, index.within(c), uow)
    name = shared_name(settings)
    if name is None:
        growing = index if isinstance(index, GrowingIndex) else None
        return Stores(storage, index, IndexFollower(storage, index, growing), growing)
    return Stores(storage, index, SharedIndexFollower(storage, index, name))


def shared_name(settings: Settings) -> str | None:
    """What processes that share an index call it; None for an index of this process alone."""
    kind = settings.resolved_index
    if kind == "milvus":
        return settings.index_url.get_secret_value()
    return IN_DATABASE if kind == "pgvector" else None


def open_index_maintenance(settings: Settings) -> IndexMaintenance:
    """What `facet index` works with: the database and what lies on disk, without networks."""
    stores = open_stores(settings)
    saved = SavedIndex(settings.index_dir)
    return IndexMaintenance(stores.storage, saved, stores.follower, stores.index_work)


def open_index(settings: Settings, engines: Engines) -> VectorIndex:
    """The index that the settings name. Raises IndexUnavailableError when it cannot be had."""
    kind = settings.resolved_index
    if kind == "milvus":
        return MilvusIndex(settings.index_url.get_secret_value())
    if kind != "pgvector":
        return memory_index(settings)
    if engines.is_sqlite:
        raise IndexUnavailableError(
            "The index pgvector lives in PostgreSQL, and the database is SQLite.",
            hint="Set FACET_DATABASE_URL=postgresql+psycopg://…, or FACET_INDEX=faiss.",
        )
    return PgvectorIndex(engines.reader, engines.writer, guard=domain_errors)


def open_backups(settings: Settings) -> tuple[Backups, VectorIndex]:
    """What takes and restores backups, without any network; and the index to clear after one."""
    made_directory(settings.data_dir, "Set FACET_DATA_DIR to a place that this user can write to.")
    url = settings.resolved_database_url
    engines = open_engines(url, busy_timeout=settings.database_timeout)
    archive = DatabaseArchive(url, engines, settings.data_dir)
    images = FileImageStore(settings.data_dir / "images")
    return Backups(archive, DatabaseCopies(), images, FileImageStore), open_index(settings, engines)


def memory_index(settings: Settings) -> VectorIndex:
    """The index of this process alone that the settings name, empty."""
    if settings.index == "exact":
        return ExactIndex()
    if settings.index == "faiss":
        return FaissFlatIndex()
    return GrowingIndex(
        settings.index_dir,
        exact_limit=settings.index_exact_limit,
        sampling=settings.index_recall_sampling,
    )


def open_migration(settings: Settings, target: Settings) -> tuple[IndexMigration, VectorIndex]:
    """What fills the index that the target settings name, from the same database."""
    engines = open_engines(settings.resolved_database_url, busy_timeout=settings.database_timeout)
    index = open_index(target, engines)
    name = shared_name(target)
    if name is None:
        raise InvalidRequestError(
            "An index in memory has nothing to fill beforehand: every server builds it at start.",
            hint="Set FACET_INDEX, restart the servers, and discard the former engine.",
        )
    return IndexMigration(SqlStorage(engines), name), index
