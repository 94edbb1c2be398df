"""The database, and the index over it."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from app.bootstrap.images import FILES, open_images, open_place
from app.bootstrap.indexes import open_index, shared_name
from app.bootstrap.privacy import close_to_others
from app.bootstrap.protection import key_source, open_master_key, require_keys
from app.domain.errors.requests import InvalidRequestError
from app.files.images import FileImageStore
from app.files.ledgers import LedgerFiles
from app.index.growing.saved import SavedIndex
from app.protection.collection_keys import CollectionKeys
from app.protection.master_key import MasterKey
from app.protection.rotations import SecretRotations
from app.services.indexing.following import IndexFollower
from app.services.indexing.maintenance import IndexMaintenance
from app.services.indexing.migration import IndexMigration
from app.services.indexing.sharing import SharedIndexFollower, bring_along
from app.services.moving.backup import Backups
from app.services.ports import ImageStore, VectorIndex
from app.services.ports.index import Builder, SnapshotIndex
from app.services.ports.work import BackgroundWork
from app.settings import Settings
from app.storage.copies.archive import DatabaseArchive, DatabaseCopies
from app.storage.engine import open_engines
from app.storage.schema import upgrade
from app.storage.unit_of_work import SqlStorage
from models.places import made_directory


class SavingIndex(SnapshotIndex, Builder, BackgroundWork, Protocol):
    """An index that builds and saves beside the requests."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Rows in the database, the vectors of an index over them, and what keeps the two alike."""

    storage: SqlStorage
    master_key: MasterKey
    images: ImageStore
    index: VectorIndex
    follower: IndexFollower
    index_work: SavingIndex | None = None
    """What the index does beside the requests."""


def open_stores(settings: Settings, processes: int = 1) -> Stores:
    """The database, its schema brought up to date first, and the index, for one of the processes.

    Raises StorageError, IndexUnavailableError when the index cannot be had, and
    MasterKeyMissingError or WrongMasterKeyError when the data cannot be read.
    """
    made_directory(settings.data_dir, "Set FACET_DATA_DIR to a place that this user can write to.")
    url = settings.resolved_database_url
    close_to_others(settings)
    upgrade(url)
    engines = open_engines(url, busy_timeout=settings.database_timeout, processes=processes)
    index: Any = open_index(settings, engines)
    storage = SqlStorage(engines)
    key = open_master_key(settings, storage)
    storage.seal_with(key, SecretRotations(key), CollectionKeys(key))
    images = open_images(settings, storage)
    name = shared_name(settings)
    if name is None:
        saving: SavingIndex | None = index if settings.engine.saves else None
        follower = IndexFollower(storage, index, saving)
        return Stores(storage, key, images, index, follower, saving)
    if settings.engine.database:
        storage.index_within(name, lambda uow, c: bring_along(storage, index.within(c), uow))
    return Stores(storage, key, images, index, SharedIndexFollower(storage, index, name))


def open_index_maintenance(settings: Settings) -> IndexMaintenance:
    """The maintenance that `facet index` does, on database and disk alone, without networks."""
    stores = open_stores(settings)
    saved = SavedIndex(settings.index_dir)
    return IndexMaintenance(stores.storage, saved, stores.follower, stores.index_work)


def open_ledgers(settings: Settings) -> LedgerFiles:
    """Copies of the ledger of erasures, beside the master key unless a setting names a place."""
    beside = key_source(settings).path.parent / "erased"
    return LedgerFiles(settings.erasure_ledgers or beside)


def open_backups(settings: Settings) -> tuple[Backups, VectorIndex]:
    """The taker of backups, without any network, and the index to clear after a restore."""
    made_directory(settings.data_dir, "Set FACET_DATA_DIR to a place that this user can write to.")
    url = settings.resolved_database_url
    engines = open_engines(url, busy_timeout=settings.database_timeout)
    archive = DatabaseArchive(url, engines, settings.data_dir)
    images = open_place(settings, SqlStorage(engines), settings.images_url or FILES)
    keys = partial(require_keys, key_source(settings))
    ledgers = open_ledgers(settings)
    backups = Backups(archive, DatabaseCopies(), images, FileImageStore, keys, ledgers)
    return backups, open_index(settings, engines)


def open_migration(settings: Settings, target: Settings) -> tuple[IndexMigration, VectorIndex]:
    """The migration to the index that the target settings name, from the same database."""
    engines = open_engines(settings.resolved_database_url, busy_timeout=settings.database_timeout)
    index = open_index(target, engines)
    name = shared_name(target)
    if name is None:
        raise InvalidRequestError(
            "An index in memory has nothing to fill beforehand: every server builds it at start.",
            hint="Set FACET_INDEX, restart the servers, and discard the former engine.",
        )
    return IndexMigration(SqlStorage(engines), name), index
