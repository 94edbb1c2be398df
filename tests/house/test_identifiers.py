"""Identifiers name things by their own names: pictures are for talking."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.house.exceptions import LITERAL, RECIPE_KEYS
from tests.house.sources import Source, sources, words_of

METAPHORS = {"room", "door", "home", "turn", "companion", "patience", "told", "line"}


def identifiers(source: Source) -> Iterator[str]:
    """Every name that the file gives: its own, functions, classes, arguments, values, aliases.

    Names of tests are sentences.
    """
    if not (name := PurePosixPath(source.path).stem).startswith("test_"):
        yield name
    for node in ast.walk(source.tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not name.startswith("test_"):
                    yield name
            case ast.ClassDef(name=name) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def metaphors_in(identifier: str) -> set[str]:
    return {word for word in words_of(identifier) if word in METAPHORS or word[:-1] in METAPHORS}


@pytest.mark.parametrize("identifier", ["_wait_for_turn", "Companions", "NO_ROOM", "told_fmr"])
def test_metaphors_are_found_in_any_form(identifier: str) -> None:
    assert metaphors_in(identifier)


@pytest.mark.parametrize("identifier", ["chatroom", "Turning", "pipeline", "outline", "homepage"])
def test_other_words_are_not(identifier: str) -> None:
    assert not metaphors_in(identifier)


def test_identifiers_are_no_metaphors() -> None:
    found = {
        identifier
        for source in sources()
        for identifier in identifiers(source)
        if metaphors_in(identifier)
    }
    assert found == LITERAL | RECIPE_KEYS
