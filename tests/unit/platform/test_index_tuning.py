"""How many lists are searched: as few as find those who would be named."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.bootstrap.indexes import open_index
from app.domain.deciding.identification import identification_threshold
from app.domain.gallery import Partition
from app.index.growing.clustered import Clustered
from app.index.growing.index import GrowingIndex
from app.index.growing.shard import GrowingShard
from app.index.growing.structure import Structure
from app.index.growing.tuning import LISTS, RECALL, second_pictures, tune
from app.index.growing.vector_file import VectorFile
from app.settings import Settings
from app.storage.engine import open_engines
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from tests.made_up_galleries import unit

HERE = Partition("collection", "encoder@1")
COUNT, DIMENSION = 4000, 32


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return unit(np.random.default_rng(0), COUNT, DIMENSION)


@pytest.fixture(scope="module")
def clustered(vectors: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clustered]:
    file = VectorFile(tmp_path_factory.mktemp("tuned") / "vectors", DIMENSION)
    file.append(np.arange(COUNT), vectors)
    structure = Structure.train(vectors, COUNT)
    structure.add(np.arange(COUNT), vectors)
    made = Clustered(structure, file, ascending=COUNT, lists=LISTS[0])
    made.count_in(np.arange(COUNT))
    yield made
    file.close()


@pytest.mark.parametrize("likeness", [-0.2, 0.0, 0.68, 0.99])
def test_second_pictures_are_as_alike_as_asked(vectors: np.ndarray, likeness: float) -> None:
    probes = second_pictures(vectors[:300], likeness)
    for probe, own in zip(probes, vectors, strict=False):
        assert float(probe @ own) == pytest.approx(likeness, abs=1e-5)
        assert float(probe @ probe) == pytest.approx(1, abs=1e-5)


def test_second_pictures_differ_where_people_differ() -> None:
    """Nothing of a probe lies where no stored vector has anything."""
    flat = np.zeros((100, 8), np.float32)
    flat[:, :3] = unit(np.random.default_rng(1), 100, 3)
    probes = second_pictures(flat, 0.5)
    np.testing.assert_allclose(probes[:, 3:], 0, atol=1e-6)
    assert not np.allclose(probes, second_pictures(flat, 0.5, seed=3))


def test_second_pictures_of_one_and_the_same_vector() -> None:
    assert np.isfinite(second_pictures(np.repeat(np.eye(8, dtype=np.float32)[:1], 9, 0), 0.5)).all()


@pytest.mark.parametrize("likeness", [0.7, 0.9, None])
def test_as_few_lists_as_find_enough(
    clustered: Clustered, vectors: np.ndarray, likeness: float | None
) -> None:
    some = vectors[::10]
    tune(clustered, some, likeness)
    probes = some if likeness is None else second_pictures(some, likeness)
    nearest = []
    for number, probe in enumerate(probes):
        similarities = vectors @ probe
        if likeness is None:
            similarities[10 * number] = -1
        nearest.append(int(similarities.argmax()))
    chosen, enough = clustered.lists, []
    for lists in LISTS:
        clustered.lists = lists
        found = [clustered.top(probe[None], 2)[1][0] for probe in probes]
        place = 1 if likeness is None else 0
        hits = [ids[place] == wanted for ids, wanted in zip(found, nearest, strict=True)]
        enough.append(np.mean(hits) >= RECALL)
        if enough[-1] or lists >= clustered.structure.lists:
            break
    assert chosen == min(lists, clustered.structure.lists)


def test_what_is_no_match_is_looked_at_as_closely(
    clustered: Clustered, vectors: np.ndarray
) -> None:
    """Bounds of codes hold for any probe, so they do not depend on how alike a match is."""
    excesses = []
    for likeness in (0.9, 0.6, None):
        tune(clustered, vectors[::10], likeness)
        excesses.append(clustered.structure.excess)
    assert len(set(excesses)) == 1 and excesses[0] > 0
    clustered.lists = clustered.structure.lists
    strangers = unit(np.random.default_rng(5), 200, DIMENSION)
    found = clustered.top(strangers, 1)[1][:, 0]
    assert np.mean(found == (strangers @ vectors.T).argmax(axis=1)) >= 0.995


def test_the_more_alike_the_fewer_lists(clustered: Clustered, vectors: np.ndarray) -> None:
    chosen = []
    for likeness in (0.95, 0.8, 0.6, None):
        tune(clustered, vectors[::10], likeness)
        chosen.append(clustered.lists)
    assert chosen == sorted(chosen)
    assert chosen[0] < chosen[-1]


def test_lists_are_chosen_again_when_it_has_grown(tmp_path: Path, vectors: np.ndarray) -> None:
    asked: list[tuple[str, int]] = []

    def likeness(encoder: str, faces: int) -> float:
        asked.append((encoder, faces))
        return 0.9

    index = GrowingIndex(tmp_path, exact_limit=500, likeness=likeness)
    for first, last in ((0, 700), (700, COUNT)):
        index.add(HERE, np.arange(first, last) + 1, vectors[first:last], seq=last)
        index.build_now()
    assert asked == [("encoder@1", 700), ("encoder@1", COUNT)]
    shard = index._shards[HERE].shard
    assert isinstance(shard, GrowingShard) and isinstance(shard.serving, Clustered)
    assert shard.serving.trained_rows == COUNT
    index.close()


def test_the_service_tells_how_alike_a_match_is(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    engines = open_engines(settings.resolved_database_url, busy_timeout=1)
    index = open_index(settings, engines)
    assert isinstance(index, GrowingIndex)
    registry = Registry(tmp_path)
    encoder = registry.default("encode-faces")
    curve = registry.manifest(encoder, EncoderManifest).threshold_curve
    for faces in (20_000, 1_000_000):
        named = identification_threshold(curve, faces).similarity
        assert index._likeness(encoder, faces) == named
    assert index._likeness("nobody@1", 20_000) is None
    assert index._likeness("sface@1", 20_000) is None, "it has no curve"
    engines.dispose()
