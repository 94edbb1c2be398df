"""Parquet files from anywhere: what cannot be used is told, and the rest goes on."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.bootstrap.use_cases import open_use_cases
from app.cli.main import app
from app.services.use_cases import UseCases
from app.settings import Settings
from tests.defaults import ENCODER
from tests.portraits import encoded, grace

GRACE = encoded(grace())


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(data_dir=tmp_path / "data", model_cache_dir=model_cache)


@pytest.fixture
def cases(settings: Settings) -> UseCases:
    cases = open_use_cases(settings)
    cases.collections.create("staff")
    return cases


def run(settings: Settings, *arguments: str | Path) -> Result:
    environment = {
        "FACET_DATA_DIR": str(settings.data_dir),
        "FACET_MODEL_CACHE_DIR": str(settings.model_cache_dir),
    }
    words = [*map(str, arguments), "--json"]
    return CliRunner().invoke(app, words, env=environment, catch_exceptions=False)


def write(
    path: Path, rows: list[dict[str, Any]], metadata: dict[bytes, bytes] | None = None
) -> Path:
    from pyarrow import Table, parquet

    table = Table.from_pylist(rows)
    parquet.write_table(table.replace_schema_metadata(metadata), path)
    return path


def test_rows_that_cannot_be_used(cases: UseCases, settings: Settings, tmp_path: Path) -> None:
    empty = {"external_id": None, "metadata": None}
    rows: list[dict[str, Any]] = [
        {"subject": "Grace", "image": GRACE, **empty},
        {"subject": "N\0L", "image": GRACE, **empty},
        {"subject": "two\nlines", "image": GRACE, **empty},
        {"subject": "x" * 201, "image": GRACE, **empty},
        {"subject": None, "image": GRACE, **empty},
        {"subject": "E", "image": None, **empty},
        {"subject": "E", "image": b"text", **empty},
        {"subject": "E", "image": GRACE, "external_id": "y" * 5000, "metadata": None},
        {"subject": "E", "image": GRACE, "external_id": None, "metadata": {"a": float("nan")}},
    ]
    done = run(settings, "import", write(tmp_path / "rows.parquet", rows), "-c", "staff")
    answer = json.loads(done.stdout)
    assert (answer["enrolled"], answer["rejected"], done.exit_code) == (1, 8, 1)
    assert [one.subject.name for one in cases.subjects.list("staff")] == ["Grace"]


def test_a_file_that_is_damaged_in_the_middle(
    cases: UseCases, settings: Settings, tmp_path: Path
) -> None:
    path = write(tmp_path / "rows.parquet", [{"subject": "Grace", "image": GRACE}] * 3)
    content = bytearray(path.read_bytes())
    content[4:4000] = bytes(3996)
    path.write_bytes(content)
    done = run(settings, "import", path, "-c", "staff")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["code"] == "invalid-request"


@pytest.mark.parametrize("field", ["name", "encoder", "metadata", "created_at"])
def test_a_header_that_nobody_wrote(
    cases: UseCases, settings: Settings, tmp_path: Path, field: str
) -> None:
    header: dict[str, Any] = {
        "format": 1,
        "name": "staff",
        "encoder": ENCODER,
        "keep_images": True,
        "metadata": {},
        "created_at": datetime.now(UTC).isoformat(),
    }
    header[field] = 5
    keys = {b"facet.collection": json.dumps(header).encode()}
    done = run(settings, "import", write(tmp_path / "x.parquet", [{"a": 1}], keys))
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["code"] == "invalid-request"


def test_an_export_names_what_it_cannot_give_out(
    cases: UseCases, settings: Settings, tmp_path: Path
) -> None:
    subject = cases.subjects.create("staff", "Grace").subject
    with sqlite3.connect(settings.data_dir / "facet.db") as database:
        database.execute("UPDATE subjects SET meta = '{\"a\": NaN}'")
    answer = json.loads(run(settings, "export", "staff").stdout)
    assert answer["unreadable"] == {subject.id: ["metadata"]}
    done = CliRunner().invoke(
        app,
        ["export", "staff", "--force"],
        env={"FACET_DATA_DIR": str(settings.data_dir)},
    )
    assert f"{subject.id}: metadata cannot be read" in done.stdout
