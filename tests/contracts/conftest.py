"""Values to store, and indexes to fill."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import ApiKey, Collection, IdempotencyRecord, NewFace, Subject
from app.index.exact.index import ExactIndex
from app.index.faiss_flat.index import FaissFlatIndex
from app.index.milvus.index import MilvusIndex
from app.index.pgvector.index import PgvectorIndex
from app.services.gallery.birth_dates import StoredMetadata
from app.services.ports import VectorIndex
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from tests.contracts.engines import BACKENDS, ClusteredIndex, EmptyIndex

NOON = datetime(2024, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)


class Samples:
    """Makes values that differ only where a test says so."""

    now = NOON

    def collection(self, name: str = "staff", **values: Any) -> Collection:
        defaults: dict[str, Any] = {
            "id": f"col-{name}",
            "encoder": "encoder@1",
            "keep_images": True,
            "metadata": {"floor": 3, "ünï": ["☃", None, 1.5]},
            "created_at": NOON,
        }
        return Collection(name=name, **defaults | values)

    def subject(self, name: str = "Ada", **values: Any) -> Subject:
        defaults: dict[str, Any] = {
            "id": f"sub-{name}",
            "collection_id": "col-staff",
            "external_id": None,
            "metadata": {"team": "engines"},
            "created_at": NOON,
            "updated_at": NOON,
        }
        return Subject(name=name, **defaults | values)

    def template(self, seed: int = 0) -> np.ndarray:
        """(128,) float32, length one."""
        vector = np.random.default_rng(seed).normal(size=128).astype(np.float32)
        return vector / np.linalg.norm(vector)

    def face(self, subject: str = "sub-Ada", seed: int = 0, **values: Any) -> NewFace:
        defaults: dict[str, Any] = {
            "collection_id": "col-staff",
            "encoder": "encoder@1",
            "template": self.template(seed),
            "box": Box(-1.5, 2.25, 100.125, 120.5),
            "landmarks": np.random.default_rng(seed).uniform(0, 99, (5, 2)).astype(np.float32),
            "probability": 0.987654321,
            "pose": Pose(-12.5, 3.25, 0.1),
            "quality": Quality(0.75, ("blurred", "dark"), 12.3, 45.6),
            "image_digest": None,
            "source_digest": "5" * 64,
            "created_at": NOON,
        }
        return NewFace(subject_id=subject, **defaults | values)

    def key(self, key_id: str = "key-1", **values: Any) -> ApiKey:
        defaults: dict[str, Any] = {
            "name": "camera",
            "digest": "d" * 64,
            "scopes": ("read",),
            "collection_id": None,
            "created_at": NOON,
        }
        return ApiKey(id=key_id, **defaults | values)

    def record(self, idempotency_key: str = "once", **values: Any) -> IdempotencyRecord:
        defaults: dict[str, Any] = {
            "key_id": "key-1",
            "fingerprint": "f" * 64,
            "subject_id": "sub-Ada",
            "response": {"faces": [{"id": 1}]},
            "created_at": NOON,
        }
        return IdempotencyRecord(idempotency_key=idempotency_key, **defaults | values)

    def fill(self, storage: SqlStorage, *, faces: int = 1) -> list[int]:
        """The collection `staff` with Ada, Bob and faces of Ada; the ids of the faces."""
        with storage.write() as work:
            work.collections.add(self.collection())
            work.subjects.add(self.subject())
            work.subjects.add(self.subject("Bob"))
            return [work.faces.add(self.face(seed=seed)).id for seed in range(faces)]


@pytest.fixture
def samples() -> Samples:
    return Samples()


@pytest.fixture
def storage(database: str) -> Iterator[SqlStorage]:
    storage = SqlStorage.open(database, busy_timeout=2.0)
    yield storage
    storage.close()


@pytest.fixture
def exact_index() -> EmptyIndex:
    return ExactIndex


@pytest.fixture
def faiss_index() -> EmptyIndex:
    return FaissFlatIndex


@pytest.fixture
def clustered_index() -> EmptyIndex:
    return ClusteredIndex


@pytest.fixture(scope="session")
def vector_database(postgresql: Callable[[str], str]) -> str:
    """The URL of a PostgreSQL database for indexes alone."""
    return postgresql("template1")


@pytest.fixture
def pgvector_index(vector_database: str) -> Iterator[EmptyIndex]:
    """Empty indexes in PostgreSQL, one at a time, that compare every vector."""
    engines = open_engines(vector_database, busy_timeout=5.0)

    def empty() -> PgvectorIndex:
        index = PgvectorIndex(engines.reader, engines.writer, exact_below=10**9)
        index.clear()
        return index

    yield empty
    engines.dispose()


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusIndex]:
    """A Milvus Lite for all tests; starting one takes seconds."""
    pytest.importorskip("milvus_lite", reason="Milvus Lite is missing")
    path: Path = tmp_path_factory.mktemp("milvus") / "index.db"
    index = MilvusIndex(f"milvus://{path}")
    yield index
    index.close()


@pytest.fixture
def milvus_index(milvus: MilvusIndex) -> EmptyIndex:
    """Empty indexes in Milvus, one at a time."""

    def empty() -> MilvusIndex:
        milvus.clear()
        return milvus

    return empty


@pytest.fixture(params=BACKENDS)
def empty_index(request: pytest.FixtureRequest) -> EmptyIndex:
    """Makes empty indexes of one backend."""
    make: EmptyIndex = request.getfixturevalue(request.param)
    return make


@pytest.fixture
def index(empty_index: EmptyIndex) -> VectorIndex:
    return empty_index()


class NoDates:
    """Metadata without dates of birth."""

    def stored(self, metadata: Mapping[str, Any]) -> StoredMetadata:
        return StoredMetadata(dict(metadata))


@pytest.fixture
def birth_dates() -> NoDates:
    return NoDates()
