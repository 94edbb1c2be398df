"""Rows that were kept long enough go, also where nobody writes new ones."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors.trouble import DatabaseLockedError
from app.domain.gallery import IdempotencyRecord
from app.services.upkeep import ExpiredRows, Upkeep
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples

NOW = datetime.now(UTC)


def test_expired_rows_go_and_others_stay(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage, faces=1)
    with storage.write() as uow:
        uow.keys.add(samples.key("key"))
        for age in (1, 30):
            at = NOW - timedelta(hours=age)
            record = IdempotencyRecord("key", str(age), "f" * 64, "sub-Ada", {"faces": []}, at)
            uow.idempotency.add(record)
            assert uow.signatures.note(f"signed-{age}", "attempt", at, since=at)
    rows = ExpiredRows(storage, timedelta(days=30))
    assert rows.idempotency_records() == 1
    assert rows.seen_signatures() == 1
    assert rows.allowances() == 0
    assert rows.idempotency_records() == 0
    with storage.read() as uow:
        assert uow.idempotency.get("key", "1") is not None
        assert uow.idempotency.get("key", "30") is None


def test_a_part_that_fails_keeps_no_other_from_its_work() -> None:
    done: list[str] = []

    def locked() -> int:
        raise DatabaseLockedError("It is locked.")

    def removing(name: str) -> Callable[[], int]:
        return lambda: done.append(name) or 1  # type: ignore[func-returns-value]

    upkeep = Upkeep({"first": removing("first"), "locked": locked, "last": removing("last")})
    with pytest.raises(DatabaseLockedError):
        upkeep.run()
    assert done == ["first", "last"]
