"""The index that the settings name, over a database or in memory."""

from app.domain.errors.trouble import IndexUnavailableError
from app.index.exact import ExactIndex
from app.index.faiss_flat import FaissFlatIndex
from app.index.growing.index import GrowingIndex
from app.index.milvus.index import MilvusIndex
from app.index.pgvector.index import PgvectorIndex
from app.services.ports import VectorIndex
from app.settings import Settings
from app.storage.engine import Engines
from app.storage.errors import domain_errors
from app.storage.unit_of_work import IN_DATABASE


def open_index(settings: Settings, engines: Engines) -> VectorIndex:
    """The index that the settings name. Raises IndexUnavailableError when it cannot be had."""
    kind = settings.resolved_index
    if kind == "milvus":
        return MilvusIndex(settings.index_url.get_secret_value())
    if kind != "pgvector":
        return memory_index(settings)
    if engines.is_sqlite:
        raise IndexUnavailableError(
            "The index pgvector lives in PostgreSQL, and the database is SQLite.",
            hint="Set FACET_DATABASE_URL=postgresql+psycopg://…, or FACET_INDEX=faiss.",
        )
    return PgvectorIndex(engines.reader, engines.writer, guard=domain_errors)


def memory_index(settings: Settings) -> VectorIndex:
    """The index of this process alone that the settings name, empty."""
    if settings.index == "exact":
        return ExactIndex()
    if settings.index == "faiss":
        return FaissFlatIndex()
    return GrowingIndex(
        settings.index_dir,
        exact_limit=settings.index_exact_limit,
        sampling=settings.index_recall_sampling,
    )


def shared_name(settings: Settings) -> str | None:
    """The name that processes give an index they share; None for an index of one process."""
    kind = settings.resolved_index
    if kind == "milvus":
        return settings.index_url.get_secret_value()
    return IN_DATABASE if kind == "pgvector" else None
