"""The index that compares every vector, in FAISS."""

from typing import Any

from app.index.kit.engine import Engine, Opening


def _open(_: Opening) -> Any:
    from app.index.faiss_flat.index import FaissFlatIndex

    return FaissFlatIndex()


ENGINE = Engine("faiss", "compares one by one, in memory", _open)
