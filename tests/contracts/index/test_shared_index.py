"""An index that several processes share: one transaction with the rows, and nothing comes back."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from app.domain.errors.trouble import IndexUnavailableError
from app.domain.gallery import Partition
from app.index.milvus.engine import MilvusAddress
from app.index.milvus.index import MilvusIndex
from app.index.pgvector.index import PgvectorIndex
from app.services.indexing.sharing import SharedIndexFollower, bring_along
from app.storage.dialects.protocol import Engines
from app.storage.engine import open_engines
from app.storage.errors import domain_errors
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples
from tests.contracts.engines import end_milvus_lite

HERE = Partition("col-staff", "encoder@1")


@pytest.fixture
def engines(postgresql: Callable[[str], str], migrated_postgresql: str) -> Iterator[Engines]:
    engines = open_engines(postgresql(migrated_postgresql), busy_timeout=5.0)
    yield engines
    engines.dispose()


@pytest.fixture
def index(engines: Engines) -> PgvectorIndex:
    return PgvectorIndex(engines.reader, engines.writer, guard=domain_errors)


@pytest.fixture
def storage(engines: Engines, index: PgvectorIndex) -> SqlStorage:
    """Whose writers bring the index along."""
    storage = SqlStorage(engines)
    storage.index_within("pgvector", lambda uow, c: bring_along(storage, index.within(c), uow))
    return storage


@pytest.fixture
def elsewhere(engines: Engines) -> SqlStorage:
    """Another process, whose writers know nothing of the index."""
    return SqlStorage(engines)


def _head(storage: SqlStorage) -> int:
    with storage.read() as uow:
        return uow.changes.head()


def test_row_and_vector_come_and_go_in_one_transaction(
    storage: SqlStorage, index: PgvectorIndex, samples: Samples
) -> None:
    faces = samples.fill(storage, faces=3)
    assert index.search(HERE, samples.template(1)[None], 1)[1].tolist() == [[faces[1]]]
    assert index.watermark() == _head(storage)
    with storage.write() as uow:
        uow.faces.remove(list(uow.faces.by_ids(faces[:2]).values()))
        # Nobody else sees a part of it.
        assert index.count(HERE) == 3
    assert index.count(HERE) == 1
    with pytest.raises(RuntimeError, match="changed its mind"), storage.write() as uow:
        uow.faces.add(samples.face(seed=9))
        raise RuntimeError("changed its mind")
    assert index.count(HERE) == 1
    assert index.watermark() == _head(storage)


def test_what_writers_without_the_index_left_is_caught_up_with(
    storage: SqlStorage, elsewhere: SqlStorage, index: PgvectorIndex, samples: Samples
) -> None:
    faces = samples.fill(elsewhere, faces=3)
    assert index.count(HERE) == 0
    follower = SharedIndexFollower(storage, index, "pgvector")
    follower.catch_up()
    assert index.count(HERE) == 3
    with elsewhere.write() as uow:
        uow.faces.remove(list(uow.faces.by_ids(faces[:1]).values()))
    with storage.write() as uow:
        uow.faces.add(samples.face(seed=5))
    assert index.count(HERE) == 3
    assert index.watermark() == _head(storage)


def test_an_old_snapshot_brings_nothing_back(
    storage: SqlStorage, elsewhere: SqlStorage, index: PgvectorIndex, samples: Samples
) -> None:
    """A reader that saw a face asks for the index after others have erased the face."""
    faces = samples.fill(elsewhere, faces=2)
    follower = SharedIndexFollower(storage, index, "pgvector")
    with storage.read() as old:
        assert len(old.faces.by_ids(faces)) == 2
        with elsewhere.write() as uow:
            uow.faces.remove(list(uow.faces.by_ids(faces[:1]).values()))
        follower.catch_up(old)
    assert index.search(HERE, samples.template()[None], 9)[1].tolist() == [[faces[1]]]


def test_processes_that_catch_up_together_take_turns(
    storage: SqlStorage, elsewhere: SqlStorage, index: PgvectorIndex, samples: Samples
) -> None:
    samples.fill(elsewhere, faces=5)
    followers = [SharedIndexFollower(storage, index, "pgvector") for _ in range(3)]
    with storage.index_lock("pgvector"):
        threads = [threading.Thread(target=one.catch_up) for one in followers]
        for thread in threads:
            thread.start()
        # A writer does not wait for the turn; whoever has it finds the line in the log.
        with storage.write() as uow:
            uow.faces.add(samples.face(seed=7))
        assert index.count(HERE) == 0
    for thread in threads:
        thread.join(timeout=120)
    followers[0].catch_up()
    assert index.count(HERE) == 6
    assert index.watermark() == _head(storage)


def test_an_index_ahead_of_a_restored_database_starts_again(
    storage: SqlStorage, elsewhere: SqlStorage, index: PgvectorIndex, samples: Samples
) -> None:
    faces = samples.fill(elsewhere, faces=1)
    index.add(HERE, np.array([77]), samples.template(7)[None], seq=1000)
    SharedIndexFollower(storage, index, "pgvector").catch_up()
    assert index.search(HERE, samples.template()[None], 9)[1].tolist() == [[faces[0]]]
    assert index.watermark() == _head(storage)


def test_a_table_that_has_grown_is_searched_through_its_graph(engines: Engines) -> None:
    index = PgvectorIndex(engines.reader, engines.writer, exact_below=1_000)
    rng = np.random.default_rng(0)
    directions = rng.normal(size=(20, 64))  # like an encoder's space: few directions that matter
    vectors = (rng.normal(size=(2_000, 20)) @ directions).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index.add(HERE, np.arange(2_000), vectors, seq=1)
    probes = vectors[:200] + rng.normal(scale=0.02, size=(200, 64)).astype(np.float32)
    before = index.search(HERE, probes, 10)
    index.wait_for_graphs()
    with engines.reader.connect() as connection:
        assert connection.execute(text("SELECT graph FROM facet_index.partitions")).scalar_one()
    similarities, found = index.search(HERE, probes, 10)
    expected = np.argsort(-(probes @ vectors.T), axis=1)[:, :10]
    np.testing.assert_array_equal(before[1], expected)
    assert np.mean(found[:, 0] == expected[:, 0]) >= 0.995
    np.testing.assert_allclose(similarities[:, 0], before[0][:, 0], atol=1e-4)
    index.remove(HERE, np.arange(100), seq=2)
    assert found.shape == index.search(HERE, probes, 10)[1].shape
    assert index.search(HERE, probes[:100], 10)[1].min() >= 100


def test_a_server_without_pgvector_says_what_to_do(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engines.writer.begin() as connection:
        connection.execute(text("DROP EXTENSION IF EXISTS vector CASCADE"))
    monkeypatch.setattr("app.index.pgvector.tables.EXTENSION", "vector_of_another_world")
    with pytest.raises(IndexUnavailableError) as caught, domain_errors():
        PgvectorIndex(engines.reader, engines.writer)
    assert "CREATE EXTENSION vector" in (caught.value.hint or "")


def test_milvus_stands_where_it_was_after_a_restart(
    sqlite_database: str, tmp_path: Path, samples: Samples
) -> None:
    pytest.importorskip("milvus_lite", reason="Milvus Lite is missing")
    storage = SqlStorage.open(sqlite_database)
    first = MilvusIndex(f"milvus://{tmp_path}/index.db")
    faces = samples.fill(storage, faces=3)
    SharedIndexFollower(storage, first, "pgvector").catch_up()
    assert first.watermark() == _head(storage)
    first.close()
    end_milvus_lite(tmp_path / "index.db")
    with storage.write() as uow:
        uow.faces.remove(list(uow.faces.by_ids(faces[:1]).values()))
        added = uow.faces.add(samples.face(seed=8)).id
    second = MilvusIndex(f"milvus://{tmp_path}/index.db")
    assert second.count(HERE) == 3
    SharedIndexFollower(storage, second, "pgvector").catch_up()
    found = second.search(HERE, samples.template(8)[None], 9)[1]
    assert found[0, 0] == added
    assert sorted(found[0]) == [*faces[1:], added]
    second.close()


@pytest.mark.parametrize("url", ["milvus://", "http://host", "milvus"])
def test_urls_that_name_no_milvus(url: str) -> None:
    with pytest.raises(IndexUnavailableError) as caught:
        MilvusIndex(url)
    assert "milvus://" in (caught.value.hint or "")


def test_the_parts_of_a_milvus_url() -> None:
    address = MilvusAddress.parse("milvus+tls://me:s%40e@milvus.example/gallery")
    assert address.uri == "https://milvus.example:19530"
    assert (address.user, address.password, address.database) == ("me", "s@e", "gallery")
    assert MilvusAddress.parse("milvus:///var/lib/index.db").uri == "/var/lib/index.db"


def test_a_write_stands_while_milvus_is_away(sqlite_database: str, samples: Samples) -> None:
    pytest.importorskip("pymilvus", reason="the client of Milvus is missing")
    storage = SqlStorage.open(sqlite_database)
    samples.fill(storage)
    follower = SharedIndexFollower(storage, MilvusIndex("milvus://127.0.0.1:1/gallery"), "milvus")
    follower.catch_up_after_write()
    with pytest.raises(IndexUnavailableError) as caught:
        follower.catch_up()
    assert "FACET_INDEX_URL" in (caught.value.hint or "")
