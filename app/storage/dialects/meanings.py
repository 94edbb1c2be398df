"""Errors of any database, with what to do and without any SQL."""

from app.domain.errors.trouble import (
    DatabaseLockedError,
    DatabaseUnavailableError,
    StorageFullError,
    StorageReadOnlyError,
)


def locked() -> DatabaseLockedError:
    """Another writer is at work."""
    return DatabaseLockedError(
        "The database is busy with another writer.", hint="Try again in a moment."
    )


def unavailable() -> DatabaseUnavailableError:
    """The database is away, damaged or closed to this user."""
    return DatabaseUnavailableError(
        "The database cannot be used.",
        hint="Check that it runs, that FACET_DATABASE_URL is right and its files are accessible.",
    )


def full() -> StorageFullError:
    """The disk or the quota is full."""
    return StorageFullError(
        "The database has no room left; nothing was changed.",
        hint="Free disk space or raise the quota, then try again.",
    )


def read_only() -> StorageReadOnlyError:
    """The database takes no changes."""
    return StorageReadOnlyError(
        "The database can be read, but not written; nothing was changed.",
        hint="Make it and its directory writable, or point FACET_DATABASE_URL at the primary.",
    )


def outdated() -> DatabaseUnavailableError:
    """The tables are of another version."""
    return DatabaseUnavailableError(
        "The database's tables do not fit this version.", hint="Run `facet db upgrade`."
    )
