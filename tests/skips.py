"""Tests that leave themselves out: allowed on a developer's machine, a failure on CI.

Pictures and weights that the project may not hand on lie beside the checkout, in `../shared/data`.
Tests that need them carry the mark `shared_data(path)`. Where the path is missing they are skipped
with that reason, and on CI they are not collected: one line says how many. Any other skip is a
failure on CI (the environment variable `CI`).
"""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
_LEFT_OUT = pytest.StashKey[int]()


def on_ci() -> bool:
    """Whether nothing may be skipped."""
    return bool(os.environ.get("CI"))


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_LEFT_OUT] = 0
    config.addinivalue_line("markers", "shared_data(path): needs that path of ../shared/data")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    without = [item for item in items if (path := _missing(item)) is not None and not path.exists()]
    if on_ci():
        config.stash[_LEFT_OUT] = len(without)
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]
        return
    for item in without:
        item.add_marker(pytest.mark.skip(reason=f"there is no {_missing(item)}"))


def _missing(item: pytest.Item) -> Path | None:
    """The path that the item needs, there or not."""
    mark = item.get_closest_marker("shared_data")
    return None if mark is None else SHARED_DATA / mark.args[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):
        _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_if_skipped(report)
    return report


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if on_ci() and report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason}: nothing may be skipped on CI"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist tells the process that prints."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["left_out"] = session.config.stash[_LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Every worker has collected all tests, so each counts the same."""
    node.config.stash[_LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if count := config.stash[_LEFT_OUT]:
        terminalreporter.write_line(f"{count} tests were left out: they need {SHARED_DATA}")
