"""Rights of subjects as they are shown, and who retention erases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from app.domain.gallery import Reason
from app.domain.people import rights as domain
from app.services.duties.retention import Retained


class Consent(BaseModel):
    """A record of why a subject may be recognised."""

    basis: domain.Basis
    reference: str = Field(description="Where the operator keeps what was signed.")
    given_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None
    recorded_at: datetime
    recorded_by: str = Field(description="Id of the API key; `local` for commands.")


class Rights(BaseModel):
    """The basis on which a subject is kept, for how long, and whether it may be used."""

    restricted: bool = Field(description="Kept, and never matched or enrolled into.")
    restricted_at: datetime | None
    keep_until: datetime | None
    consent: Consent | None

    @classmethod
    def of(cls, rights: domain.Rights) -> Self:
        found = rights.consent
        consent = None
        if found is not None:
            consent = Consent(
                basis=found.basis,
                reference=found.reference,
                given_at=found.given_at,
                expires_at=found.expires_at,
                withdrawn_at=found.withdrawn_at,
                recorded_at=found.recorded_at,
                recorded_by=found.recorded_by,
            )
        return cls(
            restricted=rights.restricted_at is not None,
            restricted_at=rights.restricted_at,
            keep_until=rights.keep_until,
            consent=consent,
        )


class Expired(BaseModel):
    """A subject whose time is over."""

    subject_id: str
    reason: Reason
    since: datetime
    receipt_id: str | None = Field(description="Of the erasure; null where it was not made.")


class RetentionRun(BaseModel):
    """Whom retention has erased, or would erase."""

    dry_run: bool
    subjects: list[Expired]

    @classmethod
    def of(cls, found: Sequence[Retained], *, dry_run: bool) -> Self:
        subjects = [
            Expired(
                subject_id=one.due.subject_id,
                reason=one.due.reason,
                since=one.due.since,
                receipt_id=one.receipt_id,
            )
            for one in found
        ]
        return cls(dry_run=dry_run, subjects=subjects)
