"""A docstring begins with a verb or with the noun itself."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.sources import SHIPPED, Documented, Source, sources

_CLAUSES = """
what which who whose whoever whatever where when why how whether
this that these those it its they he she we you there
of by from for in into to as at on up with without after before until while since
so then also thus hence if because and or but not
"""
CLAUSES = frozenset(_CLAUSES.split())
"""Words that begin no noun and no verb. Articles and numbers belong to their noun."""


def first_word(docstring: str) -> str:
    found = re.match(r"\W*(\w+)", docstring)
    return found[1].lower() if found else ""


def is_truth(node: Documented) -> bool:
    """Whether it answers yes or no, which `Whether …` says."""
    returns = getattr(node, "returns", None)
    return isinstance(returns, ast.Name) and returns.id == "bool"


def wrong_openings(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if not isinstance(node, Documented) or not (text := ast.get_docstring(node)):
            continue
        word = first_word(text)
        if word in CLAUSES and not (word == "whether" and is_truth(node)):
            yield f"{source.named(getattr(node, 'name', ''))}: {text.splitlines()[0]}"


@pytest.mark.parametrize("package", SHIPPED)
def test_docstrings_begin_with_a_verb_or_a_noun(package: str) -> None:
    wrong = [line for s in sources() if s.package == package for line in wrong_openings(s)]
    assert wrong == []


def test_every_module_that_ships_says_what_it_is() -> None:
    silent = [s.path for s in sources() if s.package in SHIPPED and not ast.get_docstring(s.tree)]
    assert [path for path in silent if not path.endswith("__init__.py")] == []
