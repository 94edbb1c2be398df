"""The floors that import-linter checks leave no package out; `make check` runs it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.house.sources import ROOT

LINTER: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
    "importlinter"
]
CONTRACTS: list[dict[str, Any]] = LINTER["contracts"]


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [contract for contract in CONTRACTS if contract["type"] == kind]


def test_every_package_is_looked_at() -> None:
    assert set(LINTER["root_packages"]) == {"app", "models", "training"}
    roots = next(c for c in of_kind("layers") if "containers" not in c)
    assert {name for layer in roots["layers"] for name in layer.split(" | ")} == {
        "app",
        "models",
        "training",
    }


@pytest.mark.parametrize("container", ["app", "app.services", "app.cli", "training"])
def test_floors_are_exhaustive(container: str) -> None:
    """Every child stands on a floor, and a floor that is gone is no longer named."""
    contract = next(c for c in of_kind("layers") if container in c.get("containers", ()))
    assert contract["exhaustive"] is True
    named = {name for layer in contract["layers"] for name in layer.split(" | ")}
    assert named == children(ROOT.joinpath(*container.split("."))) - set(
        contract.get("exhaustive_ignores", ())
    )


def children(folder: Path) -> set[str]:
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    return packages | {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_siblings_have_no_cycles() -> None:
    ancestors = {name for contract in of_kind("acyclic_siblings") for name in contract["ancestors"]}
    assert set(LINTER["root_packages"]) - ancestors == set()
