"""The end of the audit record has a mark that nobody makes who has the database alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.bootstrap.auditing import open_audit_alone, record_command
from app.domain.auditing.chain import DISTRUST, FIRST_HASH, ChainCheck, chain
from app.domain.auditing.entries import AuditEntry, AuditFilter, AuditHead
from app.protection.master_key import MasterKey
from app.services.auditing.reading import Audit
from app.services.auditing.refusals import Refusals
from app.services.auditing.trail import AuditTrail
from app.settings import Settings
from app.storage import schema
from app.storage.engine import database_address
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import NOON

KEY = MasterKey([bytes(32)])
ENTRIES = [
    AuditEntry(NOON, "recognize", "known", key_id="k", subject_id=f"s{number}")
    for number in range(1, 6)
]
Forge = Callable[..., None]


@pytest.fixture
def marked(storage: SqlStorage) -> SqlStorage:
    storage.seal_with(KEY)
    with storage.append_audit() as audit:
        audit.append(ENTRIES)
    return storage


@pytest.fixture
def forge(database: str) -> Forge:
    """Write the chain anew, whole, with other entries, as somebody can who has the database."""

    def run(entries: list[AuditEntry], mark: str = "mark") -> None:
        records = chain(entries, AuditHead(0, FIRST_HASH))
        engine = create_engine(database_address(database))
        with engine.begin() as connection:
            for one in records:
                change = "UPDATE audit_entries SET content = :content, hash = :hash"
                values = {"content": one.content, "hash": one.hash, "seq": one.seq}
                subject = {"subject": one.fields()["subject"]}
                connection.execute(
                    text(f"{change}, subject_id = :subject WHERE seq = :seq"), values | subject
                )
            head = f"UPDATE audit_head SET seq = :seq, hash = :hash, mark = {mark}"  # noqa: S608
            connection.execute(text(head), {"seq": len(records), "hash": records[-1].hash})
        engine.dispose()

    return run


def checked(storage: SqlStorage) -> ChainCheck:
    trail = AuditTrail(storage)
    return Audit(storage, trail, Refusals(trail)).verify()


def faults(storage: SqlStorage) -> list[tuple[str, int, int]]:
    return [(one.kind, one.first, one.last) for one in checked(storage).faults]


def append(storage: SqlStorage) -> None:
    with storage.append_audit() as audit:
        audit.append(ENTRIES[:2])


def test_what_the_service_writes_is_genuine(marked: SqlStorage) -> None:
    append(marked)
    assert (checked(marked).entries, faults(marked)) == (7, [])


@pytest.mark.parametrize("mark", ["mark", "NULL", "'0123456789abcdef:00'", "'no mark'"])
def test_a_chain_that_was_written_anew_is_found_for_good(
    marked: SqlStorage, forge: Forge, mark: str
) -> None:
    forge([*ENTRIES[:2], replace(ENTRIES[2], subject_id="nobody"), *ENTRIES[3:]], mark)
    assert faults(marked) == [("unmarked", 5, 5)]
    append(marked)  # the service goes on, and says what it has found
    append(marked)
    assert faults(marked) == [("unmarked", 5, 5)]
    with marked.read() as uow:
        (found,) = uow.audit.list(AuditFilter(action=DISTRUST), limit=9)
    assert found.seq == 6
    assert found.fields()["details"]["seq"] == 5


def test_entries_of_a_process_without_the_key(marked: SqlStorage, database: str) -> None:
    other = SqlStorage.open(database)
    append(other)
    assert faults(other) == []  # without the key nobody can tell
    other.close()
    assert faults(marked) == [("unmarked", 7, 7)]
    append(marked)
    assert faults(marked) == [("unmarked", 7, 7)]


def test_a_master_key_that_is_replaced_goes_on(marked: SqlStorage) -> None:
    marked.seal_with(MasterKey([bytes(range(32)), bytes(32)]))
    assert faults(marked) == []
    append(marked)
    marked.seal_with(MasterKey([bytes(range(32))]))
    assert faults(marked) == []
    marked.seal_with(KEY)
    assert faults(marked) == [("unmarked", 7, 7)]


def test_commands_that_run_no_network_have_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = Settings(data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    schema.upgrade(settings.resolved_database_url)
    record_command(settings, "restore", "master-key-missing", {})
    assert not (tmp_path / "config").exists()  # no key where one is about to be brought
    open_audit_alone(settings)
    record_command(settings, "pull-model", "done", {})
    audit = open_audit_alone(settings)
    head = audit.head()
    assert head is not None
    assert (head.seq, audit.verify().faults) == (1, [])
    assert head.mark is not None
