"""Commands of models, on a data directory of their own, and a server that has weights."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import app
from models.registry.registry import Registry
from tests.unit.registry.test_download import Server


@pytest.fixture
def facet(tmp_path: Path, model_cache: Path) -> Callable[..., Result]:
    """Runs `facet models …` on a data directory of its own."""
    environment = {
        "FACET_DATA_DIR": str(tmp_path / "data"),
        "FACET_MODEL_CACHE_DIR": str(tmp_path / "cache"),
    }

    def run(*arguments: str, answer: str | None = None) -> Result:
        return CliRunner().invoke(app, ["models", *arguments], env=environment, input=answer)

    return run


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "cache", [tmp_path / "data" / "manifests"])
