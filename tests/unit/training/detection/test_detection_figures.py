"""Figures of detectors, against what their definitions say."""

import numpy as np
import pytest

from models.pipelines.detection.boxes import overlap
from training.detection.measuring.figures import average_precision, landmark_errors, matches


def naive_average_precision(scores: list[float], right: list[bool], faces: int) -> float:
    """For every true face recalled: the best precision at that recall or beyond."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    precisions, recalls = [], []
    hits = 0
    for rank, i in enumerate(order, start=1):
        hits += right[i]
        precisions.append(hits / rank)
        recalls.append(hits / faces)
    area, before = 0.0, 0.0
    for recall in sorted(set(recalls)):
        best = max(p for p, r in zip(precisions, recalls, strict=True) if r >= recall)
        area += (recall - before) * best
        before = recall
    return area


def test_average_precision_against_the_definition() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        count = int(rng.integers(1, 40))
        scores, right = rng.permutation(count) / count, rng.random(count) < 0.6
        faces = int(right.sum() + rng.integers(0, 5)) or 1
        expected = naive_average_precision(list(scores), list(right), faces)
        assert average_precision(scores, right, faces) == pytest.approx(expected)


def test_average_precision_at_its_ends() -> None:
    assert average_precision(np.array([0.9, 0.8]), np.array([True, True]), 2) == 1
    assert average_precision(np.array([0.9]), np.array([False]), 3) == 0
    assert average_precision(np.zeros(0), np.zeros(0, bool), 3) == 0
    assert average_precision(np.array([0.9]), np.array([True]), 0) == 0


def naive_matches(found: np.ndarray, truth: np.ndarray, ignored: np.ndarray) -> list[int]:
    taken: set[int] = set()
    result = []
    for box in found:
        best, most = -1, 0.0
        for j, other in enumerate(truth):
            shared = overlap(box[None], other[None])[0, 0]
            if j not in taken and not ignored[j] and shared > most:
                best, most = j, shared
        if most >= 0.5:
            taken.add(best)
            result.append(best)
            continue
        near = any(
            ignored[j] and overlap(box[None], other[None], "minimum")[0, 0] >= 0.5
            for j, other in enumerate(truth)
        )
        result.append(-2 if near else -1)
    return result


def test_matching_against_a_loop() -> None:
    rng = np.random.default_rng(1)
    for _ in range(30):
        truth = rng.uniform(0, 80, (6, 2)).repeat(2, 1)[:, [0, 2, 1, 3]]
        truth[:, 2:] += rng.uniform(10, 40, (6, 2))
        found = np.concatenate([truth[rng.permutation(6)[:4]], truth[:3]])
        found = found + rng.normal(0, 4, found.shape)
        ignored = rng.random(6) < 0.3
        assert matches(found, truth, ignored).truth.tolist() == naive_matches(found, truth, ignored)


def test_a_face_is_found_once() -> None:
    truth = np.array([[0.0, 0, 10, 10]])
    twice = np.concatenate([truth, truth])
    assert matches(twice, truth, np.array([False])).truth.tolist() == [0, -1]
    assert matches(twice, truth, np.array([True])).truth.tolist() == [-2, -2]
    assert matches(twice, np.zeros((0, 4)), np.zeros(0, bool)).truth.tolist() == [-1, -1]


def test_landmark_errors_are_in_distances_of_the_eyes() -> None:
    truth = np.array([[[10.0, 10], [30, 10], [20, 20], [12, 30], [28, 30]]])
    moved = truth.copy()
    moved[0, :, 0] += 2
    np.testing.assert_allclose(landmark_errors(moved, truth), [0.1])
    np.testing.assert_allclose(landmark_errors(truth, truth), [0])
