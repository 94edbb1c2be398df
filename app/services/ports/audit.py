"""Protocols of the audit record and of places that get a copy of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.auditing.entries import AuditEntry, AuditFilter, AuditHead, AuditRecord


class AuditRepository(Protocol):
    """The chain of entries. Nothing of it is ever changed; only its oldest end may go."""

    def head(self) -> AuditHead | None:
        """The last entry written; None where the note of it is gone."""

    def is_genuine(self, head: AuditHead) -> bool:
        """Tell whether whoever has the master key wrote the last entry; True without that key."""

    def append(self, entries: Sequence[AuditEntry]) -> Sequence[AuditRecord]:
        """Write entries behind the last one. Nobody else does until the transaction ends."""

    def touch(self) -> None:
        """Write what is there already, so that the transaction has something to sync."""

    def list(
        self, wanted: AuditFilter, *, before: int | None = None, limit: int
    ) -> Sequence[AuditRecord]:
        """The newest first, those with a number below `before`."""

    def scan(self, *, batch: int, wanted: AuditFilter | None = None) -> Iterator[AuditRecord]:
        """Every entry, or those wanted, the oldest first."""

    def older_than(self, at: datetime) -> AuditRecord | None:
        """The last of the oldest entries that were all written before `at`."""

    def cut(self, through: int) -> int:
        """Remove the oldest entries up to that one; how many there were."""


class AuditSink(Protocol):
    """A place outside of the database that gets every entry as well."""

    def write(self, records: Sequence[AuditRecord]) -> None:
        """Raises OSError."""
