"""The backends of the index contract: in this process, in PostgreSQL, in Milvus."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.domain.gallery import Partition
from app.index.growing.index import GrowingIndex
from app.index.kit.arrays import Ids, Vectors
from app.index.kit.partitions import PartitionedIndex
from app.services.ports import VectorIndex

EmptyIndex = Callable[[], VectorIndex]

BACKENDS = ["exact_index", "faiss_index", "clustered_index", "pgvector_index", "milvus_index"]
"""Names of fixtures that make empty indexes."""


class ClusteredIndex(GrowingIndex):
    """Clusters whatever has four vectors, after every change."""

    def __init__(self) -> None:
        self._temporary = tempfile.TemporaryDirectory()
        super().__init__(Path(self._temporary.name), exact_limit=4, sampling=1.0)

    def add(self, partition: Partition, ids: Ids, vectors: Vectors, *, seq: int) -> None:
        super().add(partition, ids, vectors, seq=seq)
        self.build_now()


def examples(index: VectorIndex) -> int:
    """How many histories are worth their time."""
    if isinstance(index, ClusteredIndex):
        return 15
    return 60 if in_process(index) else 4


def in_process(index: VectorIndex) -> bool:
    """Whether a call costs microseconds; calls of other processes and machines cost more."""
    return isinstance(index, PartitionedIndex)


def end_milvus_lite(path: Path) -> None:
    """Milvus Lite ends with its process; tests have to end it before they start it again."""
    from milvus_lite.server_manager import server_manager_instance

    server_manager_instance.release_server(str(path))


def unit(rows: int, dimension: int = 16, seed: int = 0) -> np.ndarray:
    """(rows, dimension) random float32 rows of length one."""
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    rows_of_length_one: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return rows_of_length_one


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)
