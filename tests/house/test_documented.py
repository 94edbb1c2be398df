"""Documents tell of every setting and of every error, and of none that there is not."""

import re

from app.api.kit.problem_kinds import PROBLEM_KINDS
from app.settings import Settings
from tests.house.sources import ROOT

DOCUMENTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
}
_TABLE_ROW = re.compile(r"^\| (`FACET_[^|]*) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
OF_CLIENTS = {"FACET_URL", "FACET_KEY"}
"""Variables that programs of callers read in examples."""
_VARIABLE = re.compile(r"FACET_[A-Z_]*[A-Z]")


def test_every_setting_stands_in_the_table() -> None:
    rows = _TABLE_ROW.findall(DOCUMENTS["docs/reference/settings.md"])
    reported = [name for variables, _, _ in rows for name in _VARIABLE.findall(variables)]
    assert sorted(reported) == sorted(f"FACET_{name.upper()}" for name in Settings.model_fields)


def test_documents_tell_of_no_other_setting() -> None:
    known = {f"FACET_{name.upper()}" for name in Settings.model_fields}
    for path, text in DOCUMENTS.items():
        assert set(_VARIABLE.findall(text)) - known - OF_CLIENTS == set(), path


def test_every_error_code_is_documented() -> None:
    words = {
        word for text in DOCUMENTS.values() for word in re.findall(r"`([a-z][a-z0-9-]+)`", text)
    }
    assert set(PROBLEM_KINDS) - words == set()


def test_files_that_documents_name_are_there() -> None:
    for path, text in DOCUMENTS.items():
        text = re.sub(r"^## What a change touches$.*?(?=^## )", "", text, flags=re.M | re.S)
        named = re.findall(r"`((?:app|models|training|tests|benchmarks|docs)/[\w/.-]+\.\w+)`", text)
        assert [name for name in named if not (ROOT / name).exists()] == [], path
