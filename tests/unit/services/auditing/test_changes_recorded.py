"""Every action that changes the database does so with its entry, or not at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.auditing.entries import AuditFilter
from app.domain.errors import FacetError
from app.domain.errors.trouble import DatabaseLockedError
from app.services.auditing.actions import ACTIONS
from app.services.auditing.recording import Action
from app.services.auditing.trail import LOOKING
from app.storage.audit_repository import SqlAudit
from app.storage.base import Base
from app.storage.unit_of_work import SqlStorage
from tests.unit.services.auditing.changes import CHANGES, IN_PARTS, OTHERS
from tests.unit.services.auditing.opened import opened
from tests.unit.services.auditing.world import World

_numbers = count()
_RECORD = ("audit_entries", "audit_head")


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture(scope="module")
def wired(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[tuple[Any, SqlStorage, Path]]:
    with opened(tmp_path_factory.mktemp("data") / "data", migrated_sqlite) as made:
        yield made


@pytest.fixture
def world(wired: tuple[Any, SqlStorage, Path]) -> World:
    cases, storage, _ = wired
    return World(cases, storage, f"staff-{next(_numbers)}")


def rows(database: Path) -> dict[str, list[str]]:
    """Every row of every table, but for the audit record."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in _RECORD]
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return {
            table.name: sorted(map(repr, connection.execute(str(select(*table.c)))))
            for table in tables
        }


def entries(storage: SqlStorage, after: int = 0) -> list[dict[str, Any]]:
    with storage.read() as uow:
        newest = uow.audit.list(AuditFilter(), limit=20)
    return [one.fields() for one in newest if one.seq > after]


def name_of(change: str) -> str:
    use_case, _, method = change.partition(".")
    action = ACTIONS[use_case][method]
    assert action is not None
    return action.name


def test_every_action_is_tried_or_said_to_change_nothing() -> None:
    changing = {
        f"{use_case}.{method}"
        for use_case, methods in ACTIONS.items()
        for method, action in methods.items()
        if isinstance(action, Action) and not action.read and action.name not in LOOKING
    }
    assert changing == CHANGES.keys() | OTHERS.keys()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_and_its_entry_are_made_together_or_not_at_all(
    wired: tuple[Any, SqlStorage, Path],
    world: World,
    change: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """First it cannot be recorded; then the process dies at what it does after the change."""
    prepare, call = CHANGES[change]
    prepared, database = prepare(world), wired[2]
    before, last = rows(database), entries(world.storage)[0]["seq"]
    with monkeypatch.context() as patched, suppress(FacetError):
        patched.setattr(SqlAudit, "append", _locked)
        call(world, prepared)
    after = rows(database)
    assert {name for name in before if before[name] != after[name]} == set()
    with monkeypatch.context() as patched, suppress(KilledError):
        _die_behind_the_first_change(patched)
        call(world, prepared)
    assert rows(database) != before
    new = [(one["action"], one["outcome"]) for one in entries(world.storage, last)]
    name = IN_PARTS.get(change, name_of(change))
    assert (name, "done") in new or (name, "begun") in new


def _locked(*_: object) -> None:
    raise DatabaseLockedError("Not now.")


def _die_behind_the_first_change(monkeypatch: pytest.MonkeyPatch) -> None:
    write, append = SqlStorage.write, SqlStorage.append_audit
    committed = False

    @contextmanager
    def write_once(
        self: SqlStorage, *, durable: bool = True, recorded: bool = True
    ) -> Iterator[Any]:
        nonlocal committed
        if committed:
            raise KilledError
        with write(self, durable=durable, recorded=recorded) as uow:
            yield uow
        committed = recorded

    @contextmanager
    def append_before(self: SqlStorage, **options: Any) -> Iterator[Any]:
        if committed:
            raise KilledError
        with append(self, **options) as audit:
            yield audit

    monkeypatch.setattr(SqlStorage, "write", write_once)
    monkeypatch.setattr(SqlStorage, "append_audit", append_before)
