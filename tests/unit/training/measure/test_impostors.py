"""All comparisons of different people, counted in blocks, against the naive loop."""

from itertools import combinations

import numpy as np
import pytest

from training.measure import impostors
from training.measure.impostors import BINS, ScoreHistogram, cross_identity_histogram


def sample(count: int = 50) -> tuple[np.ndarray, list[str], np.ndarray]:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(count, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    people = [f"person {n}" for n in rng.integers(0, 12, count)]
    scores = [
        float(vectors[i] @ vectors[j])
        for i, j in combinations(range(count), 2)
        if people[i] != people[j]
    ]
    return vectors, people, np.sort(scores)


@pytest.mark.parametrize("block", [7, 25, 1024])
def test_counts_are_those_of_the_loop(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impostors, "_BLOCK", block)
    vectors, people, scores = sample()
    histogram = cross_identity_histogram(vectors, people)
    assert histogram.total == len(scores)
    np.testing.assert_allclose(histogram.scores_from(-1.0), scores, atol=1.1e-5)


def test_thresholds_are_the_lowest_that_keep_the_rate() -> None:
    vectors, people, scores = sample()
    histogram = cross_identity_histogram(vectors, people)
    for fmr in (0.5, 0.1, 0.01, 0.0):
        threshold = histogram.threshold(fmr)
        assert np.mean(scores >= threshold + 2e-5) <= fmr
        assert np.mean(scores >= threshold - 2e-5) > fmr
        assert histogram.fmr(threshold) <= fmr


def test_the_highest_score_of_all() -> None:
    same = np.ones((2, 1), dtype=np.float32)
    histogram = cross_identity_histogram(same, ["a", "b"])
    assert histogram.counts[BINS - 1] == 1
    assert histogram.threshold(0.0) == pytest.approx(1.0)


def test_nobody_to_compare() -> None:
    histogram = cross_identity_histogram(np.ones((3, 1), dtype=np.float32), ["a"] * 3)
    assert histogram.total == 0
    assert isinstance(histogram, ScoreHistogram)
