"""Conditions on lists of values, which go to the database as one parameter.

A parameter for each value would make a statement of its own for every length of the list. Drivers
keep what they have prepared, for every connection, and a thousand values take half a megabyte.
"""

from collections.abc import Sequence
from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.storage.dialects.table import dialect_of


def among(column: InstrumentedAttribute[Any], values: Sequence[Any] | str) -> ColumnElement[bool]:
    """The column has one of the values, or of those of the parameter with that name."""
    kind = _Values(column.type)
    if isinstance(values, str):
        return _Among(column, bindparam(values, type_=kind))
    return _Among(column, bindparam(None, values, type_=kind))


class _Values(TypeDecorator[Sequence[Any]]):
    """Any number of values, in the form that the database compares best."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(dialect_of(dialect).list_type(self.item))

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        return dialect_of(dialect).list_value(value or [])


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Itself: `… = 1`, which SQLite gets for other truths, would keep indexes out of use."""
        return self


@compiles(_Among)
def _compiled(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return dialect_of(compiler.dialect).is_among(column, values)
