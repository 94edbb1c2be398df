"""The version of the tables: which one a database has, and how to bring it up to date."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

import migrations
from app.domain.errors.trouble import DatabaseUnavailableError
from app.domain.texts import printable
from app.storage.dialects.table import DIALECTS, dialect_of
from app.storage.engine import database_address, open_migration_engine
from app.storage.errors import domain_errors

if TYPE_CHECKING:  # slow to import, and needed only when there is something to upgrade
    from alembic.config import Config

_LOCK_TIMEOUT = 60.0


def is_current(url: str) -> bool:
    """Whether the database has the tables of this version. Two queries."""
    return current(url) == migrations.HEAD


def current(url: str) -> str | None:
    """The database's revision; None when it has no tables or, as a file, is not there yet.

    Raises DatabaseUnavailableError or DatabaseLockedError.
    """
    address = database_address(url)
    if not DIALECTS[address.get_backend_name()].exists(address):
        return None  # connecting would create it
    engine = open_migration_engine(url, busy_timeout=_LOCK_TIMEOUT)
    with domain_errors(), engine.connect() as connection:
        return _revision(connection)


def refuse_newer(revision: str | None) -> None:
    """Raise DatabaseUnavailableError for a revision that a newer version has made."""
    if revision is not None and revision not in _known_revisions():
        raise DatabaseUnavailableError(
            f"The database was upgraded by a newer Facet ({printable(revision)[:40]}); this one "
            f"knows {migrations.HEAD} at most.",
            hint="Use that version, or restore a backup from before the upgrade.",
        )


def upgrade(url: str) -> None:
    """Create the tables or bring them up to date. Any number of processes may call it at once.

    All of it is one transaction: a failed upgrade leaves the database as it was. Raises
    DatabaseUnavailableError when a newer version was here.
    """
    if is_current(url):
        return
    engine = open_migration_engine(url, busy_timeout=_LOCK_TIMEOUT)
    with domain_errors(), engine.connect() as connection:
        dialect_of(engine.dialect).begin_upgrade(connection)
        _upgrade_locked(connection)
        connection.commit()


def alembic_config(**attributes: Any) -> "Config":
    """Alembic's configuration, without a file: the scripts are those of `migrations`."""
    from alembic.config import Config

    config = Config(attributes=attributes)
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade_locked(connection: Connection) -> None:
    # Another process may have done the work while this one waited for the lock.
    revision = _revision(connection)
    if revision == migrations.HEAD:
        return
    refuse_newer(revision)
    from alembic import command

    command.upgrade(alembic_config(connection=connection), "head")
    table = dialect_of(connection.dialect).dangling_table(connection)
    if table is not None:
        raise DatabaseUnavailableError(
            "The upgrade would leave rows without what they refer to; nothing was changed.",
            table=table,
        )


def _known_revisions() -> frozenset[str]:
    scripts = (Path(migrations.__file__).parent / "versions").glob("[0-9]*_*.py")
    return frozenset(script.name.partition("_")[0] for script in scripts)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)
