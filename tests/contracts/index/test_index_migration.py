"""`facet index migrate`: from one engine to another while faces come and go."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.domain.gallery import Partition
from app.index.milvus.index import MilvusIndex
from app.index.pgvector.index import PgvectorIndex
from app.services.indexing.migration import IndexMigration
from app.services.indexing.sharing import bring_along
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples
from tests.contracts.engines import EmptyIndex

HERE = Partition("col-staff", "encoder@1")


def test_a_live_collection_moves(
    postgresql: Callable[[str], str],
    migrated_postgresql: str,
    milvus_index: EmptyIndex,
    samples: Samples,
) -> None:
    """From pgvector, which serves and goes on following, to Milvus."""
    engines = open_engines(postgresql(migrated_postgresql), busy_timeout=5.0)
    serving, target = PgvectorIndex(engines.reader, engines.writer), milvus_index()
    storage = SqlStorage(engines)
    storage.index_within("pgvector", lambda uow, c: bring_along(storage, serving.within(c), uow))
    faces = samples.fill(storage, faces=40)
    stop = threading.Event()
    added: list[int] = []

    def write() -> None:
        while not stop.wait(0.02):
            with storage.write() as uow:
                added.append(uow.faces.add(samples.face(seed=1000 + len(added))).id)
                uow.faces.remove(list(uow.faces.by_ids([faces[len(added) % 40]]).values()))

    writer = threading.Thread(target=write)
    writer.start()
    IndexMigration(storage, "milvus").run(target, lambda done, total: None)
    assert len(added) >= 1
    stop.set()
    writer.join()
    (moved,) = IndexMigration(storage, "milvus").run(target, lambda done, total: None)
    assert moved.complete
    assert moved.vectors == target.count(HERE) == serving.count(HERE)
    with storage.read() as uow:
        assert uow.changes.head() == target.watermark() == serving.watermark()
    engines.dispose()


def test_the_commands(
    sqlite_database: str, tmp_path: Path, model_cache: Path, samples: Samples
) -> None:
    pytest.importorskip("milvus_lite", reason="Milvus Lite is missing")
    storage = SqlStorage.open(sqlite_database)
    samples.fill(storage, faces=3)
    milvus = f"milvus://{tmp_path}/index.db"
    settings = {
        "FACET_DATA_DIR": str(tmp_path),
        "FACET_DATABASE_URL": sqlite_database,
        "FACET_MODEL_CACHE_DIR": str(model_cache),
    }

    def run(*words: str, **more: str) -> Any:
        command = ["index", *words, "--json"]
        done = CliRunner().invoke(app, command, env=settings | more, catch_exceptions=False)
        return json.loads(done.stdout)

    assert run("migrate", "faiss")["error"]["code"] == "invalid-request"
    assert run("migrate", "pgvector")["error"]["code"] == "index-unavailable"  # on SQLite
    answer = run("migrate", milvus)
    assert answer["complete"]
    assert answer["collections"][0]["vectors"] == 3
    assert run("discard", milvus, FACET_INDEX_URL=milvus)["error"]["code"] == "invalid-request"
    assert run("discard", milvus, "--dry-run") == {"watermark": 3, "discarded": False}
    assert run("discard", milvus) == {"watermark": 3, "discarded": True}
    index = MilvusIndex(milvus)
    assert (index.watermark(), index.count(HERE)) == (0, 0)
    index.close()
