"""The one table of index engines: settings, commands, packages and documents agree with it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.cli.operating.index_migration import TARGETS
from app.domain.errors.trouble import IndexUnavailableError
from app.index.engines import DEFAULT, ENGINES, engine_of
from app.index.kit.engine import Engine
from app.settings import Settings

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_can_be_set_and_is_documented(name: str) -> None:
    engine = ENGINES[name]
    assert Settings(index=name, index_url=engine.url).engine is engine
    rows = (ROOT / "docs/reference/settings.md").read_text().splitlines()
    assert any(row.startswith("| `FACET_INDEX` |") and f"`{name}`" in row for row in rows)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_what_an_engine_needs_can_be_installed(engine: Engine) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert not engine.extra or engine.extra in project["optional-dependencies"]


def test_the_default_needs_nothing() -> None:
    engine = ENGINES[DEFAULT]
    assert (engine.extra, engine.database, engine.url) == ("", "", "")


def test_indexes_move_to_engines_that_are_shared() -> None:
    assert TARGETS == "`pgvector` or milvus://host:19530/database"


def test_a_url_selects_its_engine() -> None:
    assert engine_of("faiss", "milvus+tls://host/gallery") is ENGINES["milvus"]
    assert Settings(index_url="milvus:///a/file.db").index_is_of_one_process
    assert not Settings(index_url="milvus://host/gallery").index_is_of_one_process
    with pytest.raises(IndexUnavailableError, match="cannot be read"):
        engine_of("auto", "ftp://host")


@pytest.mark.parametrize("given", [{"index": "faizz"}, {"index_url": "ftp://host"}])
def test_what_there_is_no_engine_for_is_refused_at_the_start(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=r"auto, faiss|milvus://host"):
        Settings.model_validate(given)


def test_the_table_imports_no_engine() -> None:
    program = (
        "import sys, app.index.engines; "
        "print([name for name in ('faiss', 'numpy', 'sqlalchemy', 'pymilvus') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
