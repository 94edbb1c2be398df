"""Warnings of files that others on this machine may read."""

import stat
from pathlib import Path

import structlog

from app.settings import Settings

_log = structlog.get_logger("app.privacy")
_DATABASE_FILES = ("", "-wal", "-shm")


def close_to_others(settings: Settings) -> None:
    """Take the database's files in the data directory from users outside of their group.

    Older versions made them for everybody to read. Files of somebody else are left as they are.
    """
    for suffix in _DATABASE_FILES:
        path = settings.data_dir / f"facet.db{suffix}"
        mode = _mode(path)
        if mode & stat.S_IRWXO:
            try:
                path.chmod(mode & ~stat.S_IRWXO)
            except OSError:
                continue


def tell_what_others_may_read(settings: Settings) -> None:
    """Log a warning for a data directory that everybody on the machine may look into."""
    mode = _mode(settings.data_dir)
    if mode & stat.S_IRWXO:
        _log.warning(
            "data-open-to-others",
            directory=str(settings.data_dir),
            mode=f"{mode:04o}",
            hint="It holds names, templates and pictures: chmod 700 it.",
        )


def tell_what_is_plain(plain_pictures: int, collections: int) -> None:
    """Log a warning for pictures and templates of before that are not protected yet."""
    if collections:
        _log.warning(
            "templates-not-protected",
            collections=collections,
            hint="They are under no rotation of the present master key: run `facet protect`.",
        )
    if plain_pictures:
        _log.warning(
            "pictures-not-protected",
            pictures=plain_pictures,
            hint="They were kept before there was a master key: run `facet protect`.",
        )


def _mode(path: Path) -> int:
    """Permissions; none for what is not there."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0
