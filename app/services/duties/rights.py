"""Rights of subjects: looked at and recorded."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from app.domain.errors.requests import InvalidRequestError
from app.domain.people.rights import Basis, Consent, Rights
from app.domain.texts import clean_text
from app.services.keys import current_asker
from app.services.ports import Storage


class SubjectRights:
    """Consent, restriction and the end of keeping of each subject."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def get(self, collection: str, subject_id: str) -> Rights:
        """Raises UnknownCollectionError and UnknownSubjectError."""
        with self._storage.read() as uow:
            subject = uow.subjects.get(uow.collections.get(collection).id, subject_id)
            return uow.rights.get(subject.id)

    def change(self, collection: str, subject_id: str, changes: Mapping[str, Any]) -> Rights:
        """Change what is named of `consent` (a mapping, or None to withdraw it), `restricted`,
        `keep_until` and `keep_days` from now.

        Raises InvalidRequestError for what cannot be recorded, and what `get` raises.
        """
        now = datetime.now(UTC)
        with self._storage.write() as uow:
            subject = uow.subjects.get(uow.collections.get(collection).id, subject_id, hold=True)
            changed = _changed(uow.rights.get(subject.id), changes, now)
            uow.rights.put(subject.collection_id, subject.id, changed)
        return changed


def _changed(rights: Rights, changes: Mapping[str, Any], now: datetime) -> Rights:
    if "restricted" in changes:
        since = rights.restricted_at or now
        rights = replace(rights, restricted_at=since if changes["restricted"] else None)
    if "keep_until" in changes and "keep_days" in changes:
        raise InvalidRequestError("Say either keep_until or keep_days.")
    if "keep_until" in changes:
        rights = replace(rights, keep_until=_aware(changes["keep_until"], "keep_until"))
    if (days := changes.get("keep_days")) is not None:
        if not 0 < days <= 36_500:
            raise InvalidRequestError.of_field("keep_days", "lies in (0, 36500]", "Give days.")
        rights = replace(rights, keep_until=now + timedelta(days=days))
    if "consent" in changes:
        rights = replace(rights, consent=_consent(rights.consent, changes["consent"], now))
    return rights


def _consent(
    before: Consent | None, given: Mapping[str, Any] | None, now: datetime
) -> Consent | None:
    """A new record, or the one before, withdrawn."""
    if given is None:
        return None if before is None else replace(before, withdrawn_at=before.withdrawn_at or now)
    if given["basis"] not in get_args(Basis):
        known = ", ".join(get_args(Basis))
        raise InvalidRequestError.of_field("consent.basis", "is none", f"Known are {known}.")
    given_at = _aware(given.get("given_at"), "consent.given_at") or now
    expires_at = _aware(given.get("expires_at"), "consent.expires_at")
    if given_at > now + timedelta(days=1):
        raise InvalidRequestError.of_field("consent.given_at", "lies ahead", "Give when it was.")
    reference = clean_text(given["reference"], "consent.reference")
    asker = current_asker().key_id
    return Consent(given["basis"], reference, given_at, expires_at, None, now, asker)


def _aware(at: datetime | None, field: str) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise InvalidRequestError.of_field(field, "has no time zone", "Write it as …T12:00:00Z.")
    return at
