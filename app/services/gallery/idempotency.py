"""Idempotent requests: the answer is stored in the transaction it speaks of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from app.domain.errors.requests import IdempotencyConflictError
from app.domain.gallery import IdempotencyRecord
from app.services.ports import UnitOfWork

Result = TypeVar("Result")

LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Idempotency(Generic[Result]):
    """A request's Idempotency-Key, whose it is, and how its answer is written down."""

    key_id: str
    idempotency_key: str
    render: Callable[[Result], Mapping[str, Any]]

    def replay(self, uow: UnitOfWork, fingerprint: str) -> Mapping[str, Any] | None:
        """The stored answer; raises IdempotencyConflictError when the request was another."""
        record = uow.idempotency.get(self.key_id, self.idempotency_key)
        if record is None or record.created_at < datetime.now(UTC) - LIFETIME:
            return None
        if record.fingerprint != fingerprint:
            raise IdempotencyConflictError(
                "This Idempotency-Key was used for a different request.",
                hint="Use a new key for every new request.",
            )
        return record.response

    def remember(self, uow: UnitOfWork, fingerprint: str, subject_id: str, result: Result) -> None:
        """Store the answer, and forget those that are past their lifetime."""
        now = datetime.now(UTC)
        uow.idempotency.remove_older_than(now - LIFETIME)
        uow.idempotency.add(
            IdempotencyRecord(
                self.key_id,
                self.idempotency_key,
                fingerprint,
                subject_id,
                dict(self.render(result)),
                now,
            )
        )
