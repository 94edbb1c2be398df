"""The master key, as the settings name it and the database knows it."""

from datetime import UTC, datetime

from app.domain.errors.trouble import StorageReadOnlyError
from app.protection.key_files import KeySource
from app.protection.master_key import MasterKey, wrong_key
from app.settings import Settings
from app.storage.unit_of_work import SqlStorage


def key_source(settings: Settings) -> KeySource:
    """The place of the master key."""
    return KeySource(settings.master_key_file, settings.master_key_command)


def open_master_key(settings: Settings, storage: SqlStorage) -> MasterKey:
    """The master key; the first start makes one.

    The database remembers the names of the keys in use, so that a lost or foreign key ends the
    start and no second one is made. Raises MasterKeyMissingError, WrongMasterKeyError and
    UnwritablePlaceError.
    """
    source = key_source(settings)
    with storage.read() as uow:
        known = uow.protection.master_keys()
    if known:
        key = _of_the_data(source, known)
        if key.id in known:
            return key
    try:
        with storage.write() as uow:  # other servers on this database wait here
            if known := uow.protection.master_keys():
                key = _of_the_data(source, known)
            else:
                key = source.read_or_make()
            if key.id not in known:
                uow.protection.note_master_key(key.id, datetime.now(UTC))
    except StorageReadOnlyError:
        return source.read_or_make()  # nothing can be sealed into this database
    return key


def require_keys(source: KeySource, known: frozenset[str]) -> None:
    """Raise MasterKeyMissingError or WrongMasterKeyError unless all keys of the names are there."""
    if known:
        _of_the_data(source, known)


def _of_the_data(source: KeySource, known: frozenset[str]) -> MasterKey:
    """The key at hand, which has to open everything that the database holds."""
    key = source.read()
    if key is None:
        raise source.missing(set(known))
    if known - key.ids:
        raise wrong_key(set(known - key.ids), key)
    return key
