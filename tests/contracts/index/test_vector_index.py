"""What every vector index has to do, in one suite over all of them."""

import numpy as np
import pytest

from app.domain.errors.gallery import EncoderMismatchError
from app.domain.gallery import Partition
from app.services.ports import VectorIndex
from tests.contracts.engines import ids, unit

HERE = Partition("collection", "encoder@1")
ELSEWHERE = Partition("collection", "encoder@2")


def test_an_empty_index(index: VectorIndex) -> None:
    similarities, found = index.search(HERE, unit(3), 5)
    assert similarities.shape == found.shape == (3, 0)
    assert similarities.dtype == np.float32
    assert found.dtype == np.int64
    assert index.count(HERE) == 0
    assert index.watermark() == 0


def test_search_agrees_with_brute_force(index: VectorIndex) -> None:
    vectors, probes = unit(500), unit(30, seed=1)
    numbers = np.random.default_rng(2).permutation(10_000)[:500]
    index.add(HERE, numbers, vectors, seq=1)
    similarities, found = index.search(HERE, probes, 7)
    expected = probes @ vectors.T
    order = np.argsort(-expected, axis=1)[:, :7]
    np.testing.assert_array_equal(found, numbers[order])
    np.testing.assert_allclose(similarities, np.take_along_axis(expected, order, 1), atol=1e-5)
    assert np.all(np.diff(similarities, axis=1) <= 0)


def test_large_ids(index: VectorIndex) -> None:
    largest = 2**63 - 1
    index.add(HERE, ids(largest), unit(1), seq=1)
    assert index.search(HERE, unit(1), 1)[1].tolist() == [[largest]]


def test_no_more_results_than_vectors(index: VectorIndex) -> None:
    index.add(HERE, ids(1, 2, 3), unit(3), seq=1)
    assert index.search(HERE, unit(2), 100)[1].shape == (2, 3)
    assert index.search(HERE, unit(2), 3)[1].shape == (2, 3)
    assert index.search(HERE, unit(2), 0)[1].shape == (2, 0)
    assert index.search(HERE, unit(0), 2)[1].shape == (0, 2)


@pytest.mark.parametrize("probes", [1, 40])
@pytest.mark.parametrize("k", [1, 2, 5, 9, 10, 11])
def test_equal_similarities_come_by_id(index: VectorIndex, probes: int, k: int) -> None:
    same = np.repeat(unit(1, 128), 10, axis=0)
    numbers = np.random.default_rng(0).permutation(10) + 1
    index.add(HERE, numbers, same, seq=1)
    index.add(HERE, ids(100), unit(1, 128, seed=5), seq=2)
    _, found = index.search(HERE, same[:1].repeat(probes, axis=0), k)
    assert found.tolist() == [[*range(1, 11), 100][:k]] * probes


@pytest.mark.parametrize("dimension", [4, 128])
def test_few_equal_vectors_come_by_id(index: VectorIndex, dimension: int) -> None:
    """An engine may compare a row by another kernel than the next: last digits differ then."""
    pool, chosen = unit(6, dimension), np.random.default_rng(0)
    for seq in range(1, 20, 2):
        numbers = chosen.permutation(12)[: seq % 7 + 2] + 1
        index.remove(HERE, None, seq=seq)
        index.add(HERE, numbers, pool[[seq % 6]].repeat(len(numbers), axis=0), seq=seq + 1)
        _, found = index.search(HERE, pool, 12)
        assert found.tolist() == [sorted(numbers.tolist())] * len(pool)


def test_adding_a_known_id_replaces_it(index: VectorIndex) -> None:
    vectors = unit(4)
    index.add(HERE, ids(1, 2, 3), vectors[:3], seq=1)
    index.add(HERE, ids(2, 4), vectors[[3, 1]], seq=2)
    assert index.count(HERE) == 4
    similarities, found = index.search(HERE, vectors, 1)
    assert found.ravel().tolist() == [1, 4, 3, 2]
    np.testing.assert_allclose(similarities.ravel(), 1, atol=1e-6)


def test_of_an_id_given_twice_the_last_counts(index: VectorIndex) -> None:
    vectors = unit(3)
    index.add(HERE, ids(1, 2, 1), vectors, seq=1)
    assert index.count(HERE) == 2
    similarities, found = index.search(HERE, vectors[2:], 1)
    assert found.tolist() == [[1]]
    assert similarities[0, 0] == pytest.approx(1, abs=1e-6)


def test_removing(index: VectorIndex) -> None:
    vectors = unit(5)
    index.add(HERE, ids(1, 2, 3, 4, 5), vectors, seq=1)
    index.remove(HERE, ids(1, 4, 77), seq=2)
    assert index.count(HERE) == 3
    assert sorted(index.search(HERE, vectors[:1], 5)[1][0].tolist()) == [2, 3, 5]
    index.add(HERE, ids(1), vectors[:1], seq=3)
    assert index.search(HERE, vectors[:1], 1)[1].tolist() == [[1]]


def test_counting_some_ids_counts_those_that_are_there(index: VectorIndex) -> None:
    assert index.count(HERE, among=ids(1)) == 0
    index.add(HERE, ids(1, 2, 3, 4, 5), unit(5), seq=1)
    index.add(ELSEWHERE, ids(7), unit(1), seq=2)
    assert index.count(HERE, among=ids(2, 5, 7, 2)) == 2
    assert index.count(HERE, among=ids()) == 0
    index.remove(HERE, ids(2), seq=3)
    assert index.count(HERE, among=ids(2, 5, 7)) == 1


def test_removing_from_nothing(index: VectorIndex) -> None:
    index.remove(HERE, ids(1), seq=3)
    index.remove(HERE, None, seq=4)
    assert index.watermark() == 4


def test_removing_a_partition_leaves_the_others(index: VectorIndex) -> None:
    index.add(HERE, ids(1, 2), unit(2), seq=1)
    index.add(ELSEWHERE, ids(1), unit(1, 8), seq=2)
    index.remove(HERE, None, seq=3)
    assert index.count(HERE) == 0
    assert index.count(ELSEWHERE) == 1
    assert index.search(HERE, unit(1), 1)[1].shape == (1, 0)


def test_partitions_never_meet(index: VectorIndex) -> None:
    vectors = unit(2)
    index.add(HERE, ids(1), vectors[:1], seq=1)
    index.add(ELSEWHERE, ids(2), vectors[1:], seq=2)
    assert index.search(HERE, vectors[1:], 5)[1].tolist() == [[1]]


def test_other_dimensions_are_refused(index: VectorIndex) -> None:
    index.add(HERE, ids(1), unit(1, 16), seq=1)
    with pytest.raises(EncoderMismatchError):
        index.add(HERE, ids(2), unit(1, 8), seq=2)
    with pytest.raises(EncoderMismatchError):
        index.search(HERE, unit(1, 8), 1)
    assert index.count(HERE) == 1
    assert index.watermark() == 1
    index.remove(HERE, None, seq=2)
    index.add(HERE, ids(2), unit(1, 8), seq=3)
    assert index.search(HERE, unit(1, 8), 1)[1].tolist() == [[2]]


def test_a_search_among_some(index: VectorIndex) -> None:
    vectors, probes = unit(200), unit(5, seed=1)
    index.add(HERE, np.arange(1, 201), vectors, seq=1)
    index.remove(HERE, ids(30), seq=2)
    allowed = np.array([10, 20, 30, 40, 150, 150, 999])
    similarities, found = index.search(HERE, probes, 3, among=allowed)
    rows = np.array([10, 20, 40, 150])
    expected = probes @ vectors[rows - 1].T
    order = np.argsort(-expected, axis=1)[:, :3]
    np.testing.assert_array_equal(found, rows[order])
    np.testing.assert_allclose(similarities, np.take_along_axis(expected, order, 1), atol=1e-5)
    assert index.search(HERE, probes, 9, among=allowed)[1].shape == (5, 4)
    assert index.search(HERE, probes, 9, among=ids())[1].shape == (5, 0)


def test_malformed_arrays_are_refused(index: VectorIndex) -> None:
    with pytest.raises(ValueError, match="ids"):
        index.add(HERE, ids(1, 2), unit(1), seq=1)
    with pytest.raises(ValueError, match="probes"):
        index.search(HERE, unit(1)[0], 1)
    assert index.watermark() == 0


def test_the_watermark_never_goes_back(index: VectorIndex) -> None:
    index.add(HERE, ids(1), unit(1), seq=5)
    index.add(HERE, ids(2), unit(1), seq=3)
    assert index.watermark() == 5
    index.remove(HERE, ids(1), seq=9)
    assert index.watermark() == 9
    index.add(HERE, ids(), unit(0), seq=12)
    assert index.watermark() == 12


def test_the_index_keeps_its_own_copy(index: VectorIndex) -> None:
    vectors = unit(1)
    index.add(HERE, ids(1), vectors, seq=1)
    probe = vectors.copy()
    vectors[:] = 0
    assert index.search(HERE, probe, 1)[0][0, 0] == pytest.approx(1, abs=1e-6)


def test_arrays_of_any_layout(index: VectorIndex) -> None:
    vectors = unit(4)
    index.add(HERE, ids(1, 2, 3, 4)[::2], np.asfortranarray(vectors)[::2], seq=1)
    assert index.search(HERE, vectors[::2].astype(np.float64), 1)[1].ravel().tolist() == [1, 3]


def test_clearing(index: VectorIndex) -> None:
    index.add(HERE, ids(1, 2), unit(2), seq=1)
    index.add(ELSEWHERE, ids(3), unit(1, 8), seq=2)
    index.clear()
    assert index.watermark() == index.count(HERE) == index.count(ELSEWHERE) == 0
    index.add(HERE, ids(4), unit(1, 8), seq=1)
    assert index.search(HERE, unit(1, 8), 3)[1].tolist() == [[4]]
