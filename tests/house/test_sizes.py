"""Files, functions and folders are small enough to be read at a glance."""

from collections import Counter
from pathlib import PurePosixPath

from tests.house.sources import Function, sources

LINES, BODY, FILES = 300, 40, 15


def body_lines(function: Function) -> int:
    """From the first line after the signature, which of a command is the table of its options."""
    return (function.end_lineno or 0) - function.body[0].lineno + 1


def test_files_have_less_than_300_lines() -> None:
    assert len(sources()) > 500
    assert [s.path for s in sources() if s.text.count("\n") >= LINES] == []


def test_functions_have_less_than_40_lines() -> None:
    long = {
        f"{source.package}:{function.name}"
        for source in sources()
        for function in source.functions()
        if body_lines(function) >= BODY
    }
    assert long == set()


def test_folders_have_no_more_than_15_files() -> None:
    paths = [PurePosixPath(source.path) for source in sources()]
    count = Counter(str(path.parent) for path in paths if path.name != "__init__.py")
    del count["migrations/versions"]  # grows with every change of the tables
    assert {folder for folder, files in count.items() if files > FILES} == set()
