"""Rights of a subject: on which basis it is kept, for how long, and whether it may be used."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from app.domain.errors.gallery import ConsentRequiredError, SubjectRestrictedError
from app.domain.errors.requests import InvalidRequestError
from app.domain.texts import clean_text

Basis = Literal[
    "consent",
    "contract",
    "legal-obligation",
    "vital-interests",
    "public-task",
    "legitimate-interests",
]
"""Grounds of processing, as GDPR 6 names them."""


@dataclass(frozen=True, slots=True)
class Consent:
    """A record of why a subject may be recognised."""

    basis: Basis
    reference: str
    """Where the operator keeps what was signed; no document itself."""
    given_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None
    recorded_at: datetime
    recorded_by: str
    """Id of the API key, or `local`."""

    @property
    def ends_at(self) -> datetime | None:
        """The instant from which it does not hold."""
        ends = [at for at in (self.expires_at, self.withdrawn_at) if at is not None]
        return min(ends, default=None)

    def holds(self, now: datetime) -> bool:
        """Whether it holds at that moment."""
        return self.ends_at is None or self.ends_at > now


@dataclass(frozen=True, slots=True)
class Rights:
    """All that is recorded; a subject of which nothing is has the defaults."""

    restricted_at: datetime | None = None
    """Since when it is kept and not used (GDPR 18)."""
    keep_until: datetime | None = None
    consent: Consent | None = None

    def may_be_matched(self, now: datetime) -> bool:
        """Whether anybody may be told that a face is the subject's."""
        return self.restricted_at is None and (self.consent is None or self.consent.holds(now))

    def require_matchable(self, now: datetime) -> None:
        """Raise SubjectRestrictedError unless the subject may be matched."""
        if not self.may_be_matched(now):
            raise SubjectRestrictedError(
                "The subject is kept, and not compared with anybody: it is restricted, or its "
                "consent has ended.",
                hint="Look at its rights.",
            )

    def require_enrollable(self, now: datetime, *, consent: bool) -> None:
        """Raise SubjectRestrictedError, or ConsentRequiredError where the collection needs one."""
        self.require_matchable(now)
        if consent:
            self.require_consent()

    def require_consent(self) -> None:
        """Raise ConsentRequiredError where none was ever recorded."""
        if self.consent is None:
            raise ConsentRequiredError(
                "The collection enrolls nobody without a record of consent.",
                hint="Record it with the subject's rights, then enroll again.",
            )


NO_RIGHTS = Rights()
"""Of whom nothing is recorded."""


def to_json(rights: Rights) -> dict[str, Any]:
    """The rights as plain JSON."""
    consent = None if rights.consent is None else asdict(rights.consent)
    fields = {"restricted_at": rights.restricted_at, "keep_until": rights.keep_until}
    return {**_texts(fields), "consent": None if consent is None else _texts(consent)}


def from_json(fields: Any) -> Rights:
    """The rights that `to_json` has written. Raises InvalidRequestError for anything else."""
    try:
        consent = fields["consent"]
        kept = None
        if consent is not None:
            kept = Consent(**{n: _instant(n, v) for n, v in consent.items()})
            if kept.basis not in get_args(Basis):
                raise ValueError("basis")
            kept = replace(kept, reference=clean_text(kept.reference, "reference"))
        restricted_at = _instant("restricted_at", fields["restricted_at"])
        return Rights(restricted_at, _instant("keep_until", fields["keep_until"]), kept)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InvalidRequestError("The rights of a subject are none that Facet writes.") from error


def _texts(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {n: v.isoformat() if isinstance(v, datetime) else v for n, v in fields.items()}


def _instant(name: str, value: Any) -> Any:
    """The value, as an instant where the field holds one."""
    if value is None or not name.endswith(("_at", "_until")):
        return value
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(name)
    return instant
