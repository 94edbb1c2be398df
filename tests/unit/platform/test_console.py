"""Names are shown as they are: brackets, colons and controls in them mean nothing."""

import io
import json
import os
import subprocess
import sys

import pytest
import typer

from app.cli import console as shared
from app.cli.console import said, table
from models.errors import ReportedError

NAMES = ("[/red]", "[bold]x[/bold]", ":smile:", "a\\", "[link=file:///etc]x")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    screen = io.StringIO()
    for one in (shared.console, shared.errors):
        monkeypatch.setattr(one, "_file", screen)
        monkeypatch.setattr(one, "_width", 200)
    return screen


@pytest.mark.parametrize("name", NAMES)
def test_names_are_no_markup(shown: io.StringIO, name: str) -> None:
    shared.console.print(f"1: {name}")
    shared.console.print(said((name, "red"), f" 2: {name}"))
    rows = table(f"3: {name}", "name")
    rows.add_row(name)
    rows.add_row(said((name, "green")))
    shared.console.print(rows)
    with pytest.raises(typer.Exit):
        shared.fail(ReportedError(f"4: {name}", hint=f"5: {name}"), as_json=False)
    assert shown.getvalue().count(name) == 8


def test_controls_are_shown_and_line_ends_kept(shown: io.StringIO) -> None:
    shared.console.print("\x1b[2J\udce9\u202e\nnext")
    assert shown.getvalue() == "\\x1b[2J\\xe9\\u202e\nnext\n"


def test_an_error_is_one_line(shown: io.StringIO) -> None:
    with pytest.raises(typer.Exit):
        shared.fail(ReportedError("word " * 100), as_json=False)
    assert shown.getvalue().count("\n") == 1


def test_json_of_names_that_are_not_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding in ("utf-8", "ascii"):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
        shared.print_json({"path": "Jos\udce9", "name": "Zoë"})
        sys.stdout.flush()
        assert json.loads(raw.getvalue()) == {"path": "Jos\udce9", "name": "Zoë"}


def test_a_terminal_without_unicode_ends_no_command() -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    environment = {**os.environ, **plain}
    words = [sys.executable, "-c", _DASH]
    done = subprocess.run(words, env=environment, capture_output=True)
    assert (done.returncode, done.stdout) == (0, b"\\u2013\n"), done.stderr


_DASH = """
import app.cli.main, app.cli.__main__ as command
from app.cli.console import console
command.app = lambda prog_name: console.print(chr(0x2013))
command.main()
"""
