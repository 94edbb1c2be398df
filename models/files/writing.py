"""Files that are written whole or not at all, and are still there after a power cut."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import BinaryIO

from models.files.locking import lock, remove_abandoned

_DRAFT = ".draft"
_NAMED = 40
"""Characters of a file's name that its drafts begin with."""


@contextmanager
def replacing(
    path: Path, *, drafts: Path | None = None, mode: int | None = 0o600
) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when the block ends well.

    Readers see the old file or the whole new one; it is durable when the block has ended. With
    no `mode` the process's own umask decides who may read it. The draft lies beside `path`, or
    in `drafts` on the same file system, and is locked while it is written: what a process that
    died has left is removed by the next one that writes to `path`, or by `remove_drafts`.
    Raises OSError, leaving nothing behind.
    """
    if drafts is None:
        remove_drafts(path.parent, path.name)
    draft = (drafts or path.parent) / f"{_beginning(path.name)}{secrets.token_hex(8)}{_DRAFT}"
    with lock(draft, mode=mode):
        try:
            with draft.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    sync(path.parent)


def write(path: Path, content: bytes, *, mode: int | None = 0o600) -> None:
    """Put the content in the place of `path`; see `replacing`."""
    with replacing(path, mode=mode) as file:
        file.write(content)


def publish(made: Path, path: Path) -> None:
    """Give a complete file or directory its name, durably."""
    sync(made)
    made.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Make a file's bytes, or the names in a directory, last."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_drafts(directory: Path, name: str | None = None) -> None:
    """Remove what dead processes were writing to the file of that name; with None, any file."""
    pattern = "*" if name is None else f"{escape(_beginning(name))}*{_DRAFT}"
    for draft in directory.glob(pattern):
        remove_abandoned(draft, draft)


def _beginning(name: str) -> str:
    return f".{name[:_NAMED]}."
