"""Documents named in code and in documents are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_NAMED = re.compile(r"\bdocs/[\w/-]+\.md\b")


def _tracked(*patterns: str) -> list[Path]:
    roots = ("app", "models", "training", "tests", "deploy", "benchmarks", "migrations")
    return [
        path
        for pattern in patterns
        for path in [*ROOT.glob(pattern), *(p for r in roots for p in (ROOT / r).rglob(pattern))]
    ]


@pytest.mark.parametrize(
    "page", [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))], ids=str
)
def test_links_of_documents_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_documents_that_code_names_are_there() -> None:
    named = {
        (str(path.relative_to(ROOT)), name)
        for path in _tracked("*.py", "*.toml", "*.yml", "*.yaml", "Dockerfile", "Makefile")
        for name in _NAMED.findall(path.read_text(encoding="utf-8"))
    }
    assert [one for one in sorted(named) if not (ROOT / one[1]).exists()] == []
