"""The one table of engines: what may stand in FACET_INDEX, and in FACET_INDEX_URL."""

from collections.abc import Mapping

from app.domain.errors.trouble import IndexUnavailableError
from app.index import exact, faiss_flat, growing, milvus, pgvector
from app.index.kit.engine import Engine

ENGINES: Mapping[str, Engine] = {
    engine.name: engine
    for engine in (
        growing.ENGINE,
        faiss_flat.ENGINE,
        exact.ENGINE,
        pgvector.ENGINE,
        milvus.ENGINE,
    )
}
"""By name; the first is the default."""
DEFAULT = growing.ENGINE.name
URL_EXAMPLES = tuple(engine.url for engine in ENGINES.values() if engine.url)


def engine_of(name: str, url: str = "") -> Engine:
    """The engine that the URL selects; without a URL, the one of that name.

    Raises IndexUnavailableError for a URL or a name that there is none for.
    """
    if url:
        scheme = url.partition(":")[0].lower()
        found = next((one for one in ENGINES.values() if scheme in one.schemes), None)
        if found is None:
            raise IndexUnavailableError(
                "The index's URL cannot be read.", hint=f"Use {' or '.join(URL_EXAMPLES)}."
            )
        return found
    if name not in ENGINES:
        raise IndexUnavailableError(
            f"There is no index engine {name!r}.", hint=f"Use one of {', '.join(ENGINES)}."
        )
    return ENGINES[name]
