"""Overlap and suppression against naive loops."""

import numpy as np
import pytest

from models.pipelines.detection.boxes import Overlap, area, non_max_suppression, overlap, to_squares


def naive_overlap(a: np.ndarray, b: np.ndarray, over: Overlap) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    area_a, area_b = (a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1])
    whole = min(area_a, area_b) if over == "minimum" else area_a + area_b - width * height
    return width * height / whole if whole > 0 else 0.0


def naive_suppression(
    boxes: np.ndarray, scores: np.ndarray, threshold: float, over: Overlap
) -> list[int]:
    kept: list[int] = []
    for i in sorted(range(len(boxes)), key=lambda i: (-scores[i], i)):
        if all(naive_overlap(boxes[i], boxes[k], over) <= threshold for k in kept):
            kept.append(i)
    return kept


def random_boxes(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    low = rng.uniform(-20, 60, (count, 2))
    boxes = np.concatenate([low, low + rng.uniform(1, 50, (count, 2))], axis=1)
    return boxes, rng.integers(0, 20, count) / 20  # many equal scores


@pytest.mark.parametrize("over", ["union", "minimum"])
def test_overlap_is_the_definition(over: Overlap) -> None:
    a, b = random_boxes(0, 12)[0], random_boxes(1, 9)[0]
    expected = [[naive_overlap(x, y, over) for y in b] for x in a]
    np.testing.assert_allclose(overlap(a, b, over), expected)


def test_overlap_of_known_boxes() -> None:
    a = np.array([[0.0, 0.0, 10.0, 10.0]])
    b = np.array([[5.0, 0.0, 15.0, 10.0], [10.0, 0.0, 20.0, 10.0], [2.0, 2.0, 4.0, 4.0]])
    np.testing.assert_allclose(overlap(a, b), [[1 / 3, 0, 0.04]])
    np.testing.assert_allclose(overlap(a, b, "minimum"), [[0.5, 0, 1]])


def test_empty_and_inverted_boxes_overlap_nothing() -> None:
    boxes = np.array([[3.0, 3.0, 3.0, 3.0], [5.0, 5.0, 1.0, 1.0]])
    np.testing.assert_array_equal(overlap(boxes, boxes), np.zeros((2, 2)))
    np.testing.assert_array_equal(area(boxes), [0, 0])


@pytest.mark.parametrize("over", ["union", "minimum"])
@pytest.mark.parametrize("seed", range(10))
def test_suppression_is_the_greedy_loop(seed: int, over: Overlap) -> None:
    boxes, scores = random_boxes(seed, 60)
    for threshold in (0.0, 0.3, 0.7, 1.0):
        kept = non_max_suppression(boxes, scores, threshold, over)
        assert kept.tolist() == naive_suppression(boxes, scores, threshold, over)


@pytest.mark.parametrize("count", [127, 128, 129, 400])
def test_suppression_compares_more_boxes_than_fit_at_once(count: int) -> None:
    boxes, scores = random_boxes(3, count)
    kept = non_max_suppression(boxes, scores, 0.3)
    assert kept.tolist() == naive_suppression(boxes, scores, 0.3, "union")


def test_suppression_of_nothing() -> None:
    assert non_max_suppression(np.zeros((0, 4)), np.zeros(0), 0.5).tolist() == []


def test_squares_keep_centre_and_longer_side() -> None:
    squares = to_squares(np.array([[0.0, 10.0, 4.0, 30.0], [-6.0, 0.0, 6.0, 2.0]]))
    np.testing.assert_allclose(squares, [[-8, 10, 12, 30], [-6, -5, 6, 7]])
