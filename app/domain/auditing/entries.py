"""Entries of the audit record."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

Origin = Literal["http", "command"]
MOST_FACES = 200
"""Ids in one entry; of more, an entry says how many there were."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One action of one caller, in ids and numbers: no name of a person, picture or template."""

    at: datetime
    action: str
    outcome: str
    """`done`, what was decided, or the code of the error that it ended with."""
    origin: Origin = "command"
    key_id: str = "local"
    """Of the API key; `local` for commands and where keys are off; empty where nobody is known."""
    address: str = ""
    request_id: str = ""
    collection: str | None = None
    """Its name at that time."""
    collection_id: str | None = None
    subject_id: str | None = None
    face_ids: tuple[int, ...] = ()
    decision: Mapping[str, Any] | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def content(self, seq: int) -> dict[str, Any]:
        """The entry as plain JSON, as it is stored, shown and exported."""
        content: dict[str, Any] = {
            "seq": seq,
            "time": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "origin": self.origin,
            "key": self.key_id,
            "address": self.address,
            "request_id": self.request_id,
            "action": self.action,
            "outcome": self.outcome,
            "collection": self.collection,
            "collection_id": self.collection_id,
            "subject": self.subject_id,
            "faces": list(self.face_ids[:MOST_FACES]),
            "decision": None if self.decision is None else dict(self.decision),
            "details": dict(self.details),
        }
        if len(self.face_ids) > MOST_FACES:
            content["details"]["faces"] = len(self.face_ids)
        return content


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An entry in its place in the chain."""

    seq: int
    content: str
    """Canonical JSON of `AuditEntry.content`."""
    hash: str
    """SHA-256 of the hash before and the content, in hex."""
    columns: Mapping[str, Any] = field(default_factory=dict)
    """What is stored of it a second time, to be looked for: fields of the content by name."""

    def fields(self) -> dict[str, Any]:
        """The content with the hash, as it is shown. Raises ValueError or TypeError for none."""
        shown = json.loads(self.content)
        return {**shown, "seq": self.seq, "hash": self.hash}


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last entry that was written; 0 and `FIRST_HASH` for an empty record."""

    seq: int
    hash: str
    mark: str | None = None
    """Code of number and hash that needs the master key to be made; None: nobody has made one."""

    def text(self) -> bytes:
        """The bytes that the mark is made of."""
        return f"{self.seq}:{self.hash}".encode()


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Conditions of which an entry has to meet all that are given."""

    key: str | None = None
    action: str | None = None
    outcome: str | None = None
    collection: str | None = None
    collection_id: str | None = None
    subject: str | None = None
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
