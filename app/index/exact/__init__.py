"""The index that compares every vector, in NumPy."""

from typing import Any

from app.index.kit.engine import Engine, Opening


def _open(_: Opening) -> Any:
    from app.index.exact.index import ExactIndex

    return ExactIndex()


ENGINE = Engine("exact", "compares one by one, in memory; the slowest, and the reference", _open)
