"""The one table of databases, and what the tables of rows are made of on each of them."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import BigInteger, Text
from sqlalchemy.types import TypeEngine

from app.storage.dialects.postgresql import Postgresql
from app.storage.dialects.protocol import Dialect
from app.storage.dialects.sqlite import Sqlite

DIALECTS: Mapping[str, Dialect] = {one.name: one for one in (Sqlite(), Postgresql())}
"""By SQLAlchemy's name."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def dialect_of(dialect: _Named) -> Dialect:
    """The dialect that SQLAlchemy knows as this one."""
    return DIALECTS[dialect.name]


def _varied(default: TypeEngine[Any], types: Mapping[str, TypeEngine[Any]]) -> TypeEngine[Any]:
    for name, kind in types.items():
        default = default.with_variant(kind, name)
    return default


WORD = _varied(Text(), {name: one.word for name, one in DIALECTS.items()})
BIG_ID = _varied(BigInteger(), {name: one.big_id for name, one in DIALECTS.items()})
IDS_ONCE = {option: value for one in DIALECTS.values() for option, value in one.ids_once.items()}
"""Options of a table whose ids never come back."""
