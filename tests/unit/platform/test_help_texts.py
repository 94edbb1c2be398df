"""Help texts arrive as they were written: brackets are no markup of the terminal."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import app.cli.main
import training.__main__


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if hasattr(group, "commands"):
        for name, command in group.commands.items():
            yield from commands(command, (*path, name))
    else:
        yield path


ALL = [
    (application, path)
    for application in (training.__main__.app, app.cli.main.app)
    for path in commands(typer.main.get_command(application))
]


def _words(text: str) -> list[str]:
    return re.findall(r"[\w./@=-]+", re.sub(r"[│╭╮╰╯─]", " ", text))


@pytest.mark.parametrize(
    ("application", "path"),
    ALL,
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_no_word_of_a_help_text_is_lost(application: typer.Typer, path: tuple[str, ...]) -> None:
    command: Any = typer.main.get_command(application)
    for name in path:
        command = command.commands[name]
    shown = CliRunner().invoke(application, [*path, "--help"], env={"COLUMNS": "300"})
    assert shown.exit_code == 0, shown.output
    there = _words(shown.output)
    for parameter in command.params:
        for word in _words(str(getattr(parameter, "help", None) or "")):
            assert word in there, f"{parameter.name}: {word}"
        assert "\\[" not in shown.output


def test_every_command_that_runs_networks_can_be_told_how_many_threads_to_use() -> None:
    without = {("dates", "publish"), ("masks", "publish"), ("publish-detector",)}
    for path in commands(typer.main.get_command(training.__main__.app)):
        command: Any = typer.main.get_command(training.__main__.app)
        for name in path:
            command = command.commands[name]
        if path not in without:
            assert any(p.name == "threads" for p in command.params), path
