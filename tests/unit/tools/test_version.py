"""The version stands in several files, and is one."""

import re
import tomllib
from pathlib import Path

import yaml
from typer.testing import CliRunner

from app.cli.main import app
from app.platform.version import VERSION

ROOT = Path(__file__).parents[3]


def test_files_state_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    chart = yaml.safe_load((ROOT / "deploy" / "helm" / "facet" / "Chart.yaml").read_text())
    # A chart has a semantic version, Python's development versions are written otherwise.
    as_chart = re.sub(r"\.dev(\d+)$", r"-dev.\1", VERSION)
    assert (project, chart["appVersion"], chart["version"]) == (VERSION, VERSION, as_chart)
    assert CliRunner().invoke(app, ["--version"]).stdout.strip() == VERSION


def test_the_changelog_tells_of_it() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    released = re.sub(r"\.dev\d+$", "", VERSION)
    if released != VERSION:
        assert headings[0] == "Unreleased" and f"Will be {released}." in changelog
    else:
        assert headings[0].startswith(f"{VERSION} - ")
    assert "0.1.0 - 2026-11-22" in headings
