"""The index that lives in PostgreSQL."""

from typing import Any

from app.index.kit.engine import Engine, Opening


def _open(opening: Opening) -> Any:
    from app.index.pgvector.index import PgvectorIndex

    return PgvectorIndex(opening.reader, opening.writer, guard=opening.guard)


def _name(_: str) -> str:
    return "pgvector"


ENGINE = Engine(
    "pgvector",
    "lives in the PostgreSQL of the database",
    _open,
    extra="postgres",
    database="postgresql",
    shared_name=_name,
)
