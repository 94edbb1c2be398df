"""The chain of the audit record: whole under concurrent writers, and broken by whatever is done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from app.domain.auditing.chain import FIRST_HASH, ChainCheck
from app.domain.auditing.entries import AuditEntry, AuditFilter, AuditHead
from app.domain.errors.requests import InvalidRequestError
from app.services.auditing.reading import Audit, parsed_head
from app.services.auditing.refusals import Refusals
from app.services.auditing.trail import AuditTrail
from app.services.auditing.upkeep import cut
from app.storage.engine import database_address
from app.storage.unit_of_work import SqlStorage

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
Damage = Callable[..., None]


def entry(number: int, **fields: object) -> AuditEntry:
    made = AuditEntry(NOON + timedelta(days=number), "recognize", "known", key_id="k")
    return replace(made, **fields)  # type: ignore[arg-type]


def written(storage: SqlStorage, count: int = 9) -> None:
    with storage.append_audit() as audit:
        audit.append([entry(number, subject_id=f"s{number}") for number in range(1, count + 1)])


def checked(storage: SqlStorage, noted: AuditHead | None = None) -> ChainCheck:
    trail = AuditTrail(storage)
    return Audit(storage, trail, Refusals(trail)).verify(noted)


def faults(storage: SqlStorage) -> list[tuple[str, int, int]]:
    return [(one.kind, one.first, one.last) for one in checked(storage).faults]


@pytest.fixture
def damage(database: str, storage: SqlStorage) -> Damage:
    """Runs SQL as somebody does who has the database and means ill."""

    def run(*statements: str) -> None:
        engine = create_engine(database_address(database))
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    return run


def test_entries_come_back_as_they_were_written(storage: SqlStorage) -> None:
    written(storage)
    with storage.read() as uow:
        newest = uow.audit.list(AuditFilter(), limit=2)
        assert [one.seq for one in newest] == [9, 8]
        assert [one.seq for one in uow.audit.list(AuditFilter(), before=3, limit=9)] == [2, 1]
        (found,) = uow.audit.list(AuditFilter(subject="s4"), limit=9)
        between = AuditFilter(since=NOON + timedelta(days=3), until=NOON + timedelta(days=5))
        assert [one.seq for one in uow.audit.scan(batch=1, wanted=between)] == [3, 4]
        assert uow.audit.list(AuditFilter(action="erase-face"), limit=9) == []
    fields = found.fields()
    assert (fields["time"], fields["key"]) == ("2026-02-04T12:00:00.000000+00:00", "k")
    assert faults(storage) == []


def test_writers_at_the_same_time_keep_one_chain(database: str) -> None:
    storages = [SqlStorage.open(database, busy_timeout=20.0) for _ in range(2)]
    trails = [AuditTrail(storage) for storage in storages]
    with ThreadPoolExecutor(8) as pool:
        for number in range(80):
            pool.submit(trails[number % 2].write, [entry(number)])
    check = checked(storages[0])
    assert (check.entries, check.faults) == (80, [])
    for storage in storages:
        storage.close()


def test_what_is_not_committed_is_not_in_the_chain(storage: SqlStorage) -> None:
    written(storage, 2)
    with pytest.raises(ZeroDivisionError), storage.append_audit() as audit:
        audit.append([entry(3)])
        raise ZeroDivisionError
    written(storage, 2)
    check = checked(storage)
    assert (check.entries, check.faults) == (4, [])


CHANGES = [
    "key_id = 'somebody'",
    "outcome = 'unknown'",
    "subject_id = NULL",
    "time = '2020'",
    "content = replace(content, 'known', 'unknown')",
    "content = '{}'",
    "content = '['",
    "hash = 'x'",
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seq", [1, 5, 9])
def test_changed_entries(storage: SqlStorage, damage: Damage, change: str, seq: int) -> None:
    written(storage)
    damage(f"UPDATE audit_entries SET {change} WHERE seq = {seq}")  # noqa: S608
    found = faults(storage)
    assert found
    assert {kind for kind, _, _ in found} == {"changed"}
    assert all(seq <= first <= seq + 1 for _, first, _ in found)


REMOVALS = [
    ("seq = 1", (1, 1)),
    ("seq <= 3", (1, 3)),
    ("seq BETWEEN 4 AND 6", (4, 6)),
    ("seq = 9", (9, 9)),
    ("seq > 6", (7, 9)),
    ("seq > 0", (1, 9)),
]


@pytest.mark.parametrize(("which", "gone"), REMOVALS)
def test_removed_entries(
    storage: SqlStorage, damage: Damage, which: str, gone: tuple[int, int]
) -> None:
    written(storage)
    damage(f"DELETE FROM audit_entries WHERE {which}")  # noqa: S608
    assert faults(storage) == [("missing", *gone)]


def test_removed_entries_with_the_rest_moved_up(storage: SqlStorage, damage: Damage) -> None:
    written(storage)
    damage(
        "DELETE FROM audit_entries WHERE seq = 4",
        "UPDATE audit_entries SET seq = -seq WHERE seq > 4",
        "UPDATE audit_entries SET seq = -seq - 1 WHERE seq < 0",
    )
    assert ("changed", 4, 4) in faults(storage)


def test_reordered_entries(storage: SqlStorage, damage: Damage) -> None:
    written(storage)
    damage(
        "UPDATE audit_entries SET seq = 100 WHERE seq = 4",
        "UPDATE audit_entries SET seq = 4 WHERE seq = 5",
        "UPDATE audit_entries SET seq = 5 WHERE seq = 100",
    )
    assert {("changed", 4, 4), ("changed", 5, 5)} <= set(faults(storage))


def test_inserted_entries(storage: SqlStorage, damage: Damage) -> None:
    written(storage)
    columns = "content, hash, time, key_id, action, outcome, request_id"
    copy = f"INSERT INTO audit_entries (seq, {columns}) SELECT 10, {columns}"
    damage(f"{copy} FROM audit_entries WHERE seq = 9")
    assert ("added", 10, 10) in faults(storage)


def test_a_head_that_was_set_back(storage: SqlStorage, damage: Damage) -> None:
    written(storage)
    damage("UPDATE audit_head SET hash = 'x'")
    assert faults(storage) == [("changed", 9, 9)]
    damage("DELETE FROM audit_head")
    assert faults(storage) == [("missing", 0, 0)]


def test_a_noted_head_finds_a_record_written_anew(storage: SqlStorage, damage: Damage) -> None:
    """Whoever writes the whole chain anew leaves it whole: only what was noted elsewhere tells."""
    written(storage)
    with storage.read() as uow:
        noted = uow.audit.head()
    assert noted is not None
    assert checked(storage, noted).faults == []
    assert parsed_head(f"{noted.seq}:{noted.hash}") == noted
    anew = f"UPDATE audit_head SET seq = 0, hash = '{FIRST_HASH}'"  # noqa: S608
    damage("DELETE FROM audit_entries", anew)
    written(storage, 8)
    assert checked(storage).faults == []
    assert [one.kind for one in checked(storage, noted).faults] == ["changed"]
    for wrong in ("", "9", "9:x", "-1:" + "0" * 64):
        with pytest.raises(InvalidRequestError):
            parsed_head(wrong)


def test_the_oldest_end_may_be_cut(storage: SqlStorage, damage: Damage) -> None:
    written(storage)
    with storage.read() as uow:
        noted = uow.audit.head()
    assert cut(storage, NOON) == 0
    assert cut(storage, NOON + timedelta(days=4)) == 3
    check = checked(storage, noted)
    assert (check.first, check.last, check.faults) == (4, 10, [])
    assert cut(storage, NOON + timedelta(days=6)) == 2
    assert checked(storage).faults == []
    # Neither further than the cut says, nor with another beginning.
    damage("UPDATE audit_entries SET content = replace(content, 's6', 's7') WHERE seq = 6")
    assert ("changed", 6, 6) in faults(storage)
    damage("DELETE FROM audit_entries WHERE seq = 6")
    assert ("missing", 1, 6) in faults(storage)
