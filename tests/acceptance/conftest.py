"""The command line on a data directory of its own, and pictures to use it on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import app
from tests.portraits import eileen, encoded, grace, landscape, side_by_side

GRACE, EILEEN = "Grace Hopper", "Eileen Collins"
Facet = Callable[..., Any]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> dict[str, str]:
    return {
        "FACET_DATA_DIR": str(tmp_path_factory.mktemp("home") / "data"),
        "FACET_MODEL_CACHE_DIR": str(model_cache),
    }


@pytest.fixture(scope="module")
def run(environment: dict[str, str]) -> Callable[..., Result]:
    """`facet …` in this process, which saves the seconds that imports take."""
    return lambda *arguments: CliRunner().invoke(app, [str(a) for a in arguments], env=environment)


@pytest.fixture(scope="module")
def facet(run: Callable[..., Result]) -> Facet:
    """`facet … --json`, which has to succeed: what it printed."""

    def succeed(*arguments: object) -> Any:
        result = run(*arguments, "--json")
        assert result.exit_code == 0, (result.output, result.exception)
        return json.loads(result.stdout)

    return succeed


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder per person, and pictures to try them on."""
    directory = tmp_path_factory.mktemp("pictures")
    files = {
        f"people/{GRACE}/1.jpg": encoded(grace()),
        f"people/{EILEEN}/1.png": encoded(eileen(), "PNG"),
        "people/Nobody/coffee.jpg": encoded(landscape()),
        "grace.jpg": encoded(grace().crop((60, 0, 460, 400)), quality=40),
        "tilted.jpg": encoded(grace().rotate(-8)),
        "eileen.jpg": encoded(eileen().rotate(8)),
        "both.jpg": encoded(side_by_side(grace(), eileen())),
        "coffee.jpg": encoded(landscape()),
        "text.jpg": b"no picture at all",
        "empty.jpg": b"",
    }
    for name, data in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return directory


@pytest.fixture(scope="module")
def family(facet: Facet, run: Callable[..., Result], pictures: Path) -> str:
    """A collection of the people in their folders."""
    facet("collections", "create", "family")
    facet("enroll", pictures / "people", "--collection", "family")
    return "family"
