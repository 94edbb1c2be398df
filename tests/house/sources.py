"""The project's Python files, parsed once."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.plugins.garbage import uncollected

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "models", "training", "migrations", "deploy", "benchmarks", "tests")
SHIPPED = ("app", "models", "training")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef | ast.Module


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path from the root of the checkout, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        return self.path.partition("/")[0]

    def named(self, name: str) -> str:
        """`path:name`, as exceptions are written."""
        return f"{self.path}:{name}"

    def functions(self) -> Iterator[Function]:
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of every package, in the order of their paths."""
    found = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    with uncollected():
        return tuple(_source(path) for path in found)


def _source(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(str(path.relative_to(ROOT)), text, ast.parse(text))


def words_of(identifier: str) -> list[str]:
    """The words of a snake_case or CamelCase identifier, in small letters."""
    return [word.lower() for word in _WORD.findall(identifier)]
