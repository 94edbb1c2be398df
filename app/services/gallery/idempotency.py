"""Idempotent requests: the answer is stored in the transaction it speaks of."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from app.domain.errors.requests import IdempotencyConflictError
from app.domain.gallery import IdempotencyRecord
from app.services.ports import UnitOfWork

Result = TypeVar("Result")

LIFETIME = timedelta(hours=24)
_FORM = "2:"
"""How fingerprints and stored answers are made; those of another form cannot be compared."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it was given the first time."""

    status: int
    """Status of HTTP."""
    body: Mapping[str, Any]
    """JSON."""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that the answer to a request depends on."""

    named: Mapping[str, Any]
    """The operation, what it is done to, and its options: JSON values by their names."""
    media: Sequence[bytes]
    """Pictures or a recording, in their order."""


def options_of(given: Any) -> Mapping[str, Any]:
    """The fields of a dataclass that differ from their defaults, as JSON values.

    An option that a newer version has, and that nobody gave, changes no fingerprint.
    """
    plain = type(given)()
    found: dict[str, Any] = {}
    for field in fields(given):
        value, default = getattr(given, field.name), getattr(plain, field.name)
        if value != default:
            found[field.name] = options_of(value) if is_dataclass(value) else value
    return found


@dataclass(frozen=True, slots=True)
class Idempotency(Generic[Result]):
    """A request's Idempotency-Key, whose it is, and how its answer is written down."""

    key_id: str
    idempotency_key: str
    wire_format: str
    """The name of the format that the request came in: answers of two formats differ."""
    render: Callable[[Result], StoredAnswer]

    def fingerprint(self, asked: Asked) -> str:
        """SHA-256 of the request's canonical JSON, after the form it was made in."""
        request = {
            "wire_format": self.wire_format,
            "named": asked.named,
            "media": [hashlib.sha256(one).hexdigest() for one in asked.media],
        }
        canonical = json.dumps(request, sort_keys=True, separators=(",", ":"))
        return _FORM + hashlib.sha256(canonical.encode()).hexdigest()

    def replay(self, uow: UnitOfWork, fingerprint: str) -> StoredAnswer | None:
        """The stored answer.

        Raises IdempotencyConflictError when the request was another, or when a server of another
        version stored it, so that nobody can say whether it was.
        """
        record = uow.idempotency.get(self.key_id, self.idempotency_key)
        if record is None or record.created_at < datetime.now(UTC) - LIFETIME:
            return None
        if not record.fingerprint.startswith(_FORM):
            raise IdempotencyConflictError(
                "This Idempotency-Key was used with a server of another version, so whether the "
                "request is the same cannot be said.",
                hint="Look whether it was done; if not, send it again with a new key.",
            )
        if record.fingerprint != fingerprint:
            raise IdempotencyConflictError(
                "This Idempotency-Key was used for a different request.",
                hint="Use a new key for every new request.",
            )
        return StoredAnswer(**record.response)

    def remember(self, uow: UnitOfWork, fingerprint: str, subject_id: str, result: Result) -> None:
        """Store the answer, and forget those that are past their lifetime."""
        now = datetime.now(UTC)
        answer = self.render(result)
        uow.idempotency.remove_older_than(now - LIFETIME)
        uow.idempotency.add(
            IdempotencyRecord(
                self.key_id,
                self.idempotency_key,
                fingerprint,
                subject_id,
                {"status": answer.status, "body": dict(answer.body)},
                now,
            )
        )
