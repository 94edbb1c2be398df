"""The index that lives in Milvus."""

from typing import Any

from app.index.kit.engine import Engine, Opening


def _open(opening: Opening) -> Any:
    from app.index.milvus.index import MilvusIndex

    return MilvusIndex(opening.url)


def _name(url: str) -> str:
    return url


def _is_lite(url: str) -> bool:
    return url.startswith("milvus:///")


ENGINE = Engine(
    "milvus",
    "lives in Milvus, on machines of its own",
    _open,
    extra="milvus",
    url="milvus://host:19530/database",
    schemes=("milvus", "milvus+tls"),
    shared_name=_name,
    one_process=_is_lite,
)
