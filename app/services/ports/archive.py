"""Protocols of what backups need from storage."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from app.domain.people.erasing import ErasedAgain, ErasedItem
from app.platform.progress import Report


class Archive(Protocol):
    """The database, as a backup sees it."""

    def snapshot(self, target: Path, report: Report) -> None:
        """Write a copy as of one moment."""

    def writers_waiting(self) -> AbstractContextManager[int]:
        """Let nobody write during the block, which gets the number of erasures until now."""

    def is_empty(self) -> bool: ...

    def ledger(self, seq: int, *, limit: int) -> Sequence[ErasedItem]:
        """List entries of the database's ledger of erasures behind the place `seq`."""

    def prepared(
        self, source: Path, erased: Iterable[ErasedItem]
    ) -> AbstractContextManager[tuple[Path, ErasedAgain]]:
        """Make a copy of the copy, of this version and without what is said to be erased."""

    def fill(self, prepared: Path, report: Report) -> None:
        """Fill the empty database from such a copy, in one transaction."""


class Copies(Protocol):
    """Reads copies of the database."""

    def check(self, path: Path) -> None:
        """Raise InvalidRequestError for a damaged one."""

    def digests(self, path: Path) -> Sequence[str]: ...

    def erasures(self, path: Path) -> int:
        """Count the erasures that there had been when the copy was taken."""

    def faces(self, path: Path) -> int: ...

    def installation(self, path: Path) -> str | None:
        """Name the database that the copy is of; None for one of an older version."""

    def master_keys(self, path: Path) -> frozenset[str]:
        """Names of the master keys that the copy is under."""
