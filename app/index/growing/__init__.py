"""The default index: exact while it is small, then clustered, with snapshots on disk."""

from typing import Any

from app.index.kit.engine import Engine, Opening


def _open(opening: Opening) -> Any:
    from app.index.growing.index import GrowingIndex

    return GrowingIndex(
        opening.directory,
        exact_limit=opening.exact_limit,
        sampling=opening.sampling,
        likeness=opening.likeness,
    )


ENGINE = Engine(
    "auto", "grows by itself from exact to clustered, with snapshots", _open, saves=True
)
