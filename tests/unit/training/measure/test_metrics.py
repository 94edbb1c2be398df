"""Figures of verification against naive loops."""

import numpy as np
import pytest

from training.measure import metrics


def sample(seed: int, count: int = 200) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    same = rng.random(count) < 0.5
    scores = np.round(rng.normal(np.where(same, 0.6, 0.3), 0.2), 2)  # with equal scores
    return scores, same, rng.integers(0, 4, count)


@pytest.mark.parametrize("seed", range(5))
def test_best_threshold_is_not_beaten(seed: int) -> None:
    scores, same, _ = sample(seed)

    def accuracy(t: float) -> float:
        return float(np.mean((scores >= t) == same))

    found = metrics.best_threshold(scores, same)
    assert accuracy(found) == max(accuracy(t) for t in np.arange(-1, 2, 0.005))


def test_all_refused_or_all_accepted_when_that_is_best() -> None:
    same = np.array([True, False, False])
    assert metrics.best_threshold(np.array([0.1, 0.5, 0.9]), same) > 0.9
    assert metrics.best_threshold(np.array([0.1, 0.5, 0.9]), ~same) < 0.5


def test_folds_are_held_out() -> None:
    # Fold 1 alone would put the threshold at 0.3; the others put it at 0.7.
    scores = np.array([0.4, 0.2, 0.8, 0.6, 0.8, 0.6])
    same = np.array([True, False] * 3)
    folds = np.array([1, 1, 2, 2, 3, 3])
    np.testing.assert_allclose(metrics.fold_accuracies(scores, same, folds), [0.5, 1, 1])
    with pytest.raises(ValueError, match="two folds"):
        metrics.fold_accuracies(scores, same, np.ones(6, dtype=int))


@pytest.mark.parametrize("seed", range(5))
def test_area_is_the_share_of_rightly_ordered_pairs(seed: int) -> None:
    scores, same, _ = sample(seed)
    wins = [1.0 if g > i else 0.5 if g == i else 0.0 for g in scores[same] for i in scores[~same]]
    assert metrics.area_under_curve(scores, same) == pytest.approx(np.mean(wins))


@pytest.mark.parametrize("seed", range(5))
def test_accept_rates_at_false_accept_rates(seed: int) -> None:
    scores, same, _ = sample(seed)
    for far in (0.0, 0.01, 0.1, 0.5):
        naive = max(
            float(np.mean(scores[same] >= t))
            for t in np.arange(-1, 3, 0.005)
            if np.mean(scores[~same] >= t) <= far
        )
        assert metrics.true_accept_rates(scores, same, [far]) == [pytest.approx(naive)]


def test_equal_error_rate() -> None:
    same = np.array([True] * 4 + [False] * 4)
    assert metrics.equal_error_rate(np.array([5, 6, 7, 8, 1, 2, 3, 4.0]), same) == 0
    assert metrics.equal_error_rate(np.array([3, 6, 7, 8, 1, 2, 4, 5.0]), same) == 0.25
    scores, same, _ = sample(0, 4000)
    rate = metrics.equal_error_rate(scores, same)
    gap = [abs(np.mean(scores[~same] >= t) - np.mean(scores[same] < t)) for t in np.unique(scores)]
    best = np.unique(scores)[np.argmin(gap)]
    assert rate == pytest.approx(np.mean(scores[~same] >= best), abs=0.02)


def test_false_non_match_rate_counts_what_is_below() -> None:
    assert metrics.false_non_match_rate(np.array([0.1, 0.5, 0.9, -1.0]), 0.5) == 0.5
