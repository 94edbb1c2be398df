"""Protocols of what backups need from storage."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from app.platform.progress import Report


class Archive(Protocol):
    """The database, as a backup sees it."""

    def snapshot(self, target: Path, report: Report) -> None:
        """Write a copy as of one moment."""

    def writers_waiting(self) -> AbstractContextManager[int]:
        """Let nobody write during the block, which gets the number of erasures until now."""

    def is_empty(self) -> bool: ...

    def restore(self, source: Path, report: Report) -> None:
        """Fill the empty database in one transaction."""


class Copies(Protocol):
    """Reads copies of the database."""

    def check(self, path: Path) -> None:
        """Raise InvalidRequestError for a damaged one."""

    def digests(self, path: Path) -> Sequence[str]: ...

    def erasures(self, path: Path) -> int:
        """Count the erasures that there had been when the copy was taken."""

    def faces(self, path: Path) -> int: ...

    def master_keys(self, path: Path) -> frozenset[str]:
        """Names of the master keys that the copy is under."""
