"""The backends of the index contract: in this process, in PostgreSQL, in Milvus."""

from collections.abc import Callable
from pathlib import Path

from app.index.partitions import PartitionedIndex
from app.services.ports import VectorIndex

EmptyIndex = Callable[[], VectorIndex]

BACKENDS = ["exact_index", "faiss_index", "pgvector_index", "milvus_index"]
"""Names of fixtures that make empty indexes."""


def in_process(index: VectorIndex) -> bool:
    """Whether a call costs microseconds; calls of other processes and machines cost more."""
    return isinstance(index, PartitionedIndex)


def end_milvus_lite(path: Path) -> None:
    """Milvus Lite ends with its process; tests have to end it before they start it again."""
    from milvus_lite.server_manager import server_manager_instance

    server_manager_instance.release_server(str(path))
