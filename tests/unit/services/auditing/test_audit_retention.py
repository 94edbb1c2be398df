"""`FACET_AUDIT_DAYS`: older entries go, the chain stays whole and tells what went."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.bootstrap.auditing import open_audit, open_audit_upkeep
from app.bootstrap.protection import open_master_key
from app.cli.main import app
from app.domain.auditing.chain import CUT
from app.domain.auditing.entries import AuditEntry
from app.platform.time_of_day import TimeOfDay
from app.services.auditing.upkeep import AuditUpkeep
from app.settings import Settings
from app.storage.unit_of_work import SqlStorage

AGES = (400, 366, 364, 31, 29, 1)
"""Days since each of the entries was written."""
Kept = Callable[[str], tuple[AuditUpkeep, SqlStorage]]


@pytest.fixture
def environment(tmp_path: Path, sqlite_database: str) -> dict[str, str]:
    return {
        "FACET_DATA_DIR": str(tmp_path),
        "FACET_DATABASE_URL": sqlite_database,
        "FACET_MASTER_KEY_FILE": str(tmp_path / "master.key"),
        "FACET_AUDIT_FILE": str(tmp_path / "copy.jsonl"),
    }


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Kept:
    """The upkeep of a record with those entries, as it is with so many days or by default."""

    def opened(days: str) -> tuple[AuditUpkeep, SqlStorage]:
        chosen = {"FACET_AUDIT_DAYS": days} if days else {}
        for name, value in (environment | chosen).items():
            monkeypatch.setenv(name, value)
        settings = Settings()
        storage = SqlStorage.open(settings.resolved_database_url)
        storage.seal_with(open_master_key(settings, storage))
        audit = open_audit(settings, storage)
        now = datetime.now(UTC)
        audit.trail.write(
            [AuditEntry(now - timedelta(days=age), "recognize", f"{age}") for age in AGES]
        )
        return open_audit_upkeep(settings, storage, audit), storage

    return opened


def entries(storage: SqlStorage) -> list[dict[str, Any]]:
    with storage.read() as uow:
        return [one.fields() for one in uow.audit.scan(batch=99)]


@pytest.mark.parametrize(
    ("days", "gone"), [("30", 4), ("", 2), ("0.5", 6), ("0", 0)], ids=["30", "default", "half", "0"]
)
def test_what_is_older_goes_and_the_chain_says_so(
    kept: Kept, environment: dict[str, str], days: str, gone: int
) -> None:
    upkeep, storage = kept(days)
    before = entries(storage)
    upkeep.run()
    left = entries(storage)
    cuts = [one for one in left if one["action"] == CUT]
    assert left[: len(left) - len(cuts)] == before[gone:]
    details = {"through": gone, "hash": before[gone - 1]["hash"], "entries": gone}
    assert [one["details"] for one in cuts] == ([details] if gone else [])
    upkeep.run()
    assert entries(storage) == left
    # The copy outside of the database has all entries, the one about the cut as well.
    lines = Path(environment["FACET_AUDIT_FILE"]).read_text().splitlines()
    assert [json.loads(one) for one in lines] == before + cuts
    storage.close()
    checked = CliRunner().invoke(app, ["audit", "verify", "--json"], catch_exceptions=False)
    answer = json.loads(checked.stdout)
    assert (answer["ok"], answer["marked"], answer["entries"]) == (True, True, len(left))
    assert (answer["first"], answer["cut_by"]) == (gone + 1, 7 if gone else None)


def test_nothing_is_cut_by_a_clock_that_has_jumped(kept: Kept) -> None:
    upkeep, storage = kept("30")
    upkeep._clock = TimeOfDay(datetime.now(UTC) - timedelta(days=90))
    upkeep.run()
    assert len(entries(storage)) == len(AGES)
    storage.close()
