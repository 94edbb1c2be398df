"""What the project needs stands in the locks, which are what `make` and the image install."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.sources import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]


def locked(name: str) -> dict[str, str]:
    """Versions by package."""
    pins = re.findall(r"^([\w.-]+)==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in pins}


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("requirements-dev.lock", list(EXTRAS)), ("requirements.lock", ["postgres"])],
)
def test_a_lock_has_what_the_project_needs(lock: str, extras: list[str]) -> None:
    pins = locked(lock)
    wanted = [*PROJECT["dependencies"], *(one for extra in extras for one in EXTRAS[extra])]
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        if name == canonicalize_name(PROJECT["name"]):
            continue
        assert name in pins, f"{requirement.name} is not in {lock}: run `make lock`"
        assert requirement.specifier.contains(pins[name], prereleases=True), requirement


def test_both_locks_agree() -> None:
    every, few = locked("requirements-dev.lock"), locked("requirements.lock")
    assert {name: every.get(name) for name in few} == few
