"""Keys are rotated with an overlap, expire after a year, and the last admin's is not lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors.requests import (
    ExpiredKeyError,
    InvalidKeyError,
    InvalidRequestError,
    LastAdminKeyError,
    RevokedKeyError,
    UnknownKeyError,
)
from app.domain.gallery import ApiKey
from app.services.keys import Keys
from tests.unit.services.conftest import Service

HOUR = timedelta(hours=1)


@pytest.fixture
def keys(service: Service) -> Keys:
    return Keys(service.storage)


def test_a_key_ends_after_a_year_unless_somebody_says_otherwise(keys: Keys) -> None:
    made, _ = keys.create("door", scopes=["door"])
    assert made.scopes == ("verify", "recognize")
    assert made.expires_at == made.created_at + timedelta(days=365)
    assert keys.create("door", scopes=["read"], lifetime=None)[0].expires_at is None
    with pytest.raises(InvalidRequestError, match="36500 days"):
        keys.create("door", scopes=["read"], lifetime=timedelta(days=10**8))


def test_two_secrets_are_taken_while_they_overlap_and_never_three(keys: Keys) -> None:
    made, first = keys.create("door", scopes=["read"])
    rotated, second = keys.rotate(made.id, overlap=HOUR)
    assert rotated.id == made.id and first != second
    assert [keys.authenticate(token).key_id for token in (first, second)] == [made.id] * 2
    _, third = keys.rotate(made.id, overlap=HOUR)
    with pytest.raises(InvalidKeyError):
        keys.authenticate(first)
    assert [keys.authenticate(token).key_id for token in (second, third)] == [made.id] * 2
    _, fourth = keys.rotate(made.id, overlap=timedelta(0))
    for ended in (second, third):
        with pytest.raises(InvalidKeyError):
            keys.authenticate(ended)
    keys.revoke(made.id)
    with pytest.raises(InvalidKeyError):
        keys.authenticate(fourth)


def test_an_overlap_gives_no_secret_more_time_than_it_had(keys: Keys) -> None:
    made, _ = keys.create("door", scopes=["read"], lifetime=HOUR)
    rotated, _ = keys.rotate(made.id, overlap=timedelta(days=2))
    assert rotated.previous_until == made.expires_at
    expired, token = keys.create("door", scopes=["read"], lifetime=-HOUR)
    _, new = keys.rotate(expired.id)
    with pytest.raises(InvalidKeyError):
        keys.authenticate(token)
    assert keys.authenticate(new).key_id == expired.id


def test_the_end_of_an_overlap_is_the_end_of_the_secret(service: Service, keys: Keys) -> None:
    made, first = keys.create("door", scopes=["read"])
    rotated, _ = keys.rotate(made.id, overlap=HOUR)
    with service.storage.write() as uow:
        past = datetime.now(UTC) - timedelta(seconds=1)
        stored = uow.keys.get(made.id)
        assert isinstance(stored, ApiKey) and stored == rotated
        uow.keys.update(replace(stored, previous_until=past))
    with pytest.raises(InvalidKeyError):
        keys.authenticate(first)


@pytest.mark.parametrize("overlap", [-HOUR, timedelta(days=91)])
def test_overlaps_have_bounds(keys: Keys, overlap: timedelta) -> None:
    made, _ = keys.create("door", scopes=["read"])
    with pytest.raises(InvalidRequestError, match="overlap"):
        keys.rotate(made.id, overlap=overlap)


def test_what_cannot_be_rotated(keys: Keys) -> None:
    with pytest.raises(UnknownKeyError):
        keys.rotate("nobody")
    made, _ = keys.create("door", scopes=["read"])
    keys.revoke(made.id)
    with pytest.raises(RevokedKeyError):
        keys.rotate(made.id)


def test_the_last_admin_is_not_revoked_by_accident(service: Service, keys: Keys) -> None:
    first, _ = keys.create("me", scopes=["admin"])
    second, token = keys.create("you", scopes=["admin", "read"])
    # None of these administers the whole service.
    keys.create("bound", scopes=["admin"], collection="staff")
    keys.create("ended", scopes=["admin"], lifetime=-HOUR)
    keys.create("writer", scopes=["write"])
    assert not keys.revoke(first.id, dry_run=True).last_admin
    assert not keys.revoke(first.id).last_admin
    dry_answer = keys.revoke(second.id, dry_run=True)
    assert dry_answer.last_admin and dry_answer.key.revoked_at is None
    with pytest.raises(LastAdminKeyError):
        keys.revoke(second.id)
    assert keys.authenticate(token).key_id == second.id
    forced = keys.revoke(second.id, force=True)
    assert forced.last_admin and forced.key.revoked_at is not None
    assert not keys.revoke(second.id).last_admin, "it is no admin any more"


def test_an_expired_admin_is_nobodys_last_hope(keys: Keys) -> None:
    made, token = keys.create("me", scopes=["admin"], lifetime=-HOUR)
    with pytest.raises(ExpiredKeyError):
        keys.authenticate(token)
    assert keys.revoke(made.id).key.revoked_at is not None
