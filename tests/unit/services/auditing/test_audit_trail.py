"""Entries on their way into the audit record."""

import inspect
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields
from typing import Any, get_type_hints

import pytest

from app.domain.auditing.entries import AuditEntry, AuditFilter, AuditRecord
from app.domain.errors.gallery import UnknownSubjectError
from app.domain.errors.trouble import AuditUnavailableError, DatabaseLockedError
from app.files.audit_copies import AuditFile, AuditSyslog
from app.platform.request_context import note_caller, working_on
from app.services.auditing.actions import ACTIONS
from app.services.auditing.recording import record_calls
from app.services.auditing.refusals import Refusals
from app.services.auditing.trail import AuditTrail
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.use_cases import UseCases
from app.storage.dialects.protocol import Engines
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from tests.fakes.analyser import picture
from tests.fakes.service import Service
from tests.unit.services.conftest import NOW


class Away(SqlStorage):
    """A database that cannot be written while it is away."""

    away = True

    def __init__(self, engines: Engines) -> None:
        super().__init__(engines)
        self.durable: list[bool] = []

    @contextmanager
    def append_audit(self, *, durable: bool = True) -> Iterator[Any]:
        if self.away:
            raise DatabaseLockedError("Somebody else writes.")
        self.durable.append(durable)
        with super().append_audit(durable=durable) as audit:
            yield audit


@pytest.fixture
def storage(sqlite_database: str) -> Iterator[Away]:
    storage = Away(open_engines(sqlite_database, busy_timeout=2.0))
    storage.away = False
    yield storage
    storage.close()


def found(storage: SqlStorage, **wanted: Any) -> list[dict[str, Any]]:
    """The entries, the oldest first."""
    with storage.read() as uow:
        return [one.fields() for one in uow.audit.scan(batch=99, wanted=AuditFilter(**wanted))]


def test_every_use_case_is_recorded_or_said_not_to_be() -> None:
    """A new one that nobody has thought about fails here."""
    hints = get_type_hints(UseCases)
    left_out = {"registry", "follower", "operations", "audit"}
    assert set(ACTIONS) | left_out == {field.name for field in fields(UseCases)}
    for name, actions in ACTIONS.items():
        methods = inspect.getmembers(hints[name], inspect.isfunction)
        assert set(actions) == {method for method, _ in methods if method[0] != "_"}, name


def test_what_a_request_does_is_recorded_with_who_asked(storage: Away) -> None:
    trail = AuditTrail(storage)
    with working_on("r1"):
        note_caller(address="192.0.2.7", key_id="k1")
        with trail.doing("erase-face", collection="staff") as doing:
            doing.face_ids = (7,)
    (entry,) = found(storage)
    assert {name: entry[name] for name in ("origin", "key", "address", "request_id")} == {
        "origin": "http",
        "key": "k1",
        "address": "192.0.2.7",
        "request_id": "r1",
    }
    assert (entry["action"], entry["outcome"], entry["faces"]) == ("erase-face", "done", [7])


def test_failures_are_outcomes_and_hold_nothing_that_was_typed(storage: Away) -> None:
    trail = AuditTrail(storage)
    with pytest.raises(UnknownSubjectError), trail.doing("erase-subject", subject_id="Ada"):
        raise UnknownSubjectError("There is none.")
    with pytest.raises(ZeroDivisionError), trail.doing("erase-subject"):
        raise ZeroDivisionError
    assert [(one["outcome"], one["subject"]) for one in found(storage)] == [
        ("unknown-subject", None),
        ("failed", None),
    ]


def test_required_entries_keep_answers_back(storage: Away) -> None:
    trail = AuditTrail(storage, required=True)
    storage.away = True
    with pytest.raises(AuditUnavailableError), trail.doing("recognize"):
        pass
    storage.away = False
    trail.write_owed()
    assert [one["action"] for one in found(storage)] == ["recognize"]


def test_others_wait_until_the_database_is_back(
    storage: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.auditing.trail._OWED", 3)
    trail = AuditTrail(storage)
    storage.away = True
    for number in range(5):
        with trail.doing("recognize", details={"number": number}):
            pass
    storage.away = False
    with trail.doing("verify"):
        pass
    entries = found(storage)
    assert [one["action"] for one in entries] == [
        "lose-audit",
        "recognize",
        "recognize",
        "recognize",
        "verify",
    ]
    assert entries[0]["details"] == {"entries": 2}
    assert [one["details"] for one in entries[1:4]] == [{"number": n} for n in (2, 3, 4)]


def test_changes_wait_for_the_disk_and_looks_reach_it_later(storage: Away) -> None:
    trail = AuditTrail(storage)
    for action, read in (("recognize", False), ("list-subjects", True), ("enroll", False)):
        with trail.doing(action, read=read):
            pass
    assert storage.durable == [False, False, True]
    trail.sync()
    assert storage.durable == [False, False, True]
    with trail.doing("verify"):
        pass
    trail.sync()
    trail.sync()
    assert storage.durable == [False, False, True, False, True]


def test_nothing_is_recorded_where_the_record_is_off(storage: Away) -> None:
    with AuditTrail(storage, silent=True).doing("recognize"):
        pass
    assert found(storage) == []


def test_copies_get_every_entry_and_may_fail(storage: Away, tmp_path: Any) -> None:
    class Broken:
        def write(self, records: Sequence[AuditRecord]) -> None:
            raise OSError(5, "broken")

    copy = tmp_path / "audit.jsonl"
    trail = AuditTrail(storage, [Broken(), AuditFile(copy)])
    for action in ("embed", "verify"):
        with trail.doing(action):
            pass
    assert [line.count('"hash"') for line in copy.read_text().splitlines()] == [1, 1]
    assert copy.stat().st_mode & 0o777 == 0o600


def test_syslog_gets_a_message_for_each_entry(storage: Away, tmp_path: Any) -> None:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as here:
        here.bind(str(tmp_path / "log"))
        here.settimeout(5)
        with AuditTrail(storage, [AuditSyslog(str(tmp_path / "log"))]).doing("embed"):
            pass
        message = here.recv(10_000).decode()
    assert message.startswith("<38>facet: {")
    assert '"action": "embed"' in message


def test_strangers_cannot_fill_the_record(storage: Away) -> None:
    now = 0.0
    refusals = Refusals(AuditTrail(storage), lambda: now)
    for number in range(5_000):
        refusals.refused("invalid-key", f"198.51.{number % 1000 // 250}.{number % 250}")
    first = found(storage)
    assert len(first) == 201
    now = 61.0
    refusals.flush()
    counts = found(storage)[len(first) :]
    assert len(counts) == 201
    assert len(first) + sum(one["details"]["more"] for one in counts) == 5_000
    assert {one["outcome"] for one in counts} == {"invalid-key", "others"}
    refusals.flush(all_of_them=True)
    assert len(found(storage)) == 402


@pytest.fixture
def service(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    yield service
    service.close()


def test_the_way_of_a_face_through_the_record(service: Service) -> None:
    trail = AuditTrail(service.storage)
    for name in ("collections", "subjects", "enroller", "recognizer", "erasure"):
        record_calls(trail, getattr(service, name), ACTIONS[name])
    service.recognizer._decider._events._observers = [trail]
    service.collections.create("staff")
    ((enrolled),) = service.enrol("Ada", picture("Ada"))
    assert enrolled.face is not None
    assert service.recognized(picture("Ada")) == ["Ada"]
    service.erasure.subject("staff", enrolled.face.subject_id)
    assert service.recognized(picture("Ada")) == [None]
    entries = found(service.storage)
    assert [(one["action"], one["outcome"]) for one in entries] == [
        ("create-collection", "done"),
        ("find-subject", "done"),
        ("create-subject", "done"),
        ("find-duplicates", "no-duplicate"),
        ("enroll", "done"),
        ("recognize", "known"),
        ("erase-subject", "done"),
        ("recognize", "unknown"),
    ]
    subject, face = enrolled.face.subject_id, enrolled.face.id
    assert [one["subject"] for one in entries] == [
        *(None, None, subject, None, subject, subject, subject, None)
    ]
    assert entries[4]["faces"] == entries[5]["faces"] == [face]
    assert {one["collection"] for one in entries} == {"staff"}
    assert len({one["collection_id"] for one in entries}) == 1
    assert entries[5]["decision"]["threshold"] == round(entries[5]["decision"]["threshold"], 3)
    assert "Ada" not in str(entries)


class Copied:
    """A place that gets copies."""

    def __init__(self) -> None:
        self.records: list[AuditRecord] = []

    def write(self, records: Sequence[AuditRecord]) -> None:
        self.records += records


def test_an_enrolment_and_its_entry_are_one_transaction(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which a process that is killed makes wholly or not at all."""
    copied = Copied()
    trail = AuditTrail(service.storage, [copied])
    record_calls(trail, service.enroller, ACTIONS["enroller"])
    service.decider._events._observers = [trail]
    service.collections.create("staff")
    monkeypatch.setattr(service.storage, "append_audit", lambda **_: pytest.fail("one more"))
    ((enrolled),) = service.enrol("Ada", picture("Ada"))
    assert enrolled.face is not None
    decision, entry = found(service.storage)
    assert (decision["action"], entry["action"]) == ("find-duplicates", "enroll")
    assert (entry["outcome"], entry["faces"]) == ("done", [enrolled.face.id])
    assert entry["details"]["pictures"] == 1
    assert [record.seq for record in copied.records] == [decision["seq"], entry["seq"]]


def test_an_enrolment_that_is_taken_back_is_recorded_as_such(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = Copied()
    trail = AuditTrail(service.storage, [copied])
    record_calls(trail, service.enroller, ACTIONS["enroller"])
    service.decider._events._observers = [trail]
    service.collections.create("staff")
    subject = service.subjects.get_or_create("staff", "Ada").id

    def locked(_: Any) -> None:
        raise DatabaseLockedError("The last step before it is committed.")

    with monkeypatch.context() as patched, pytest.raises(DatabaseLockedError):
        patched.setattr("app.storage.repositories.changes.SqlChangeLog.count_erasure", locked)
        service.enroller.enrol("staff", subject, [picture("Ada")], EnrolmentOptions())
    decision, entry = found(service.storage)
    assert (entry["action"], entry["outcome"]) == ("enroll", "database-locked")
    assert entry["faces"] == [] and entry["details"] == {}
    assert [record.seq for record in copied.records] == [decision["seq"], entry["seq"]]


def test_an_entry_of_many_faces_says_how_many(storage: Away) -> None:
    with storage.append_audit() as audit:
        audit.append([AuditEntry(NOW, "enroll", "done", face_ids=tuple(range(500)))])
    (entry,) = found(storage)
    assert (len(entry["faces"]), entry["details"]) == (200, {"faces": 500})
