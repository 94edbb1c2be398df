"""Which face a crop was made for, and windows of the cascade."""

import numpy as np
import pytest

from models.pipelines.detection.mtcnn_detection import pyramid
from models.pipelines.detection.mtcnn_stages import Reductions, crops, exactly
from models.pipelines.detection.results import Detections
from models.pipelines.faces.pipeline import main_face


def detections(*boxes: tuple[float, float, float, float]) -> Detections:
    count = len(boxes)
    return Detections(
        np.array(boxes, dtype=np.float32).reshape(count, 4),
        np.ones(count, dtype=np.float32),
        np.zeros((count, 5, 2), dtype=np.float32),
    )


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ([], None),
        ([(0, 0, 10, 10)], 0),
        ([(0, 0, 40, 40), (45, 45, 20, 20)], 1),  # smaller, and in the centre
        ([(45, 45, 20, 20), (30, 30, 50, 50)], 1),
        ([(0, 0, 10, 10), (70, 0, 20, 20)], 1),
    ],
)
def test_main_face(boxes: list[tuple[float, float, float, float]], expected: int | None) -> None:
    assert main_face(detections(*boxes), 100, 100) == expected


def test_pyramid_ends_where_the_window_no_longer_fits() -> None:
    picture = np.zeros((120, 300, 3), dtype=np.uint8)
    levels = pyramid(picture, 0.5, 0.7)
    sizes = [level.shape[:2] for level, _ in levels]
    assert sizes[0] == (60, 150)
    assert sizes[-1][0] >= 12 and 120 * 0.5 * 0.7 ** len(sizes) < 12
    for level, scale in levels:
        np.testing.assert_allclose(scale * [300, 120], level.shape[1::-1])
    assert pyramid(np.zeros((11, 500, 3), dtype=np.uint8), 1.0, 0.7) == []


def test_crops_are_black_beyond_the_border() -> None:
    picture = np.full((20, 20, 3), 200, dtype=np.uint8)
    frames = np.array([[-8.0, 4.0, 8.0, 20.0], [4.0, 4.0, 12.0, 12.0], [30.0, 0.0, 46.0, 16.0]])
    half, inside, outside = crops(picture, frames, 16)
    assert (half[:, :8] == 0).all() and (half[:, 8:] == 200).all()
    assert (inside == 200).all()
    assert (outside == 0).all()


def test_patches_from_reductions_show_what_exact_ones_show() -> None:
    y, x = np.mgrid[:300, :401]
    waves = 128 + 60 * np.sin(x / 31) + 60 * np.cos(y / 23)
    picture = np.repeat(waves[..., None], 3, axis=2).astype(np.uint8)
    frames = np.array(
        [[10.2, 20, 34.2, 44], [50, 40, 250, 240], [-40, -30, 160, 170], [0, 0, 9, 9]]
    )
    patches, used = Reductions(picture)(frames, 24)
    same, whole = exactly(picture)(frames, 24)
    np.testing.assert_array_equal(whole, np.rint(frames))
    # Small frames are cut as ever; large ones a few pixels of theirs beside, and that is told.
    np.testing.assert_array_equal(used[[0, 3]], whole[[0, 3]])
    np.testing.assert_array_equal(patches[[0, 3]], same[[0, 3]])
    assert np.abs(used - frames).max() <= 2
    again = crops(picture, used, 24)
    inside = (again > 0) & (patches > 0)  # the edge of what lies outside is averaged otherwise
    assert np.abs(patches.astype(int) - again)[inside].mean() < 1.5


@pytest.mark.parametrize(
    ("scale", "reduced"), [(2.0, 1), (1.0, 1), (0.6, 1), (0.5, 2), (0.3, 2), (0.25, 4), (0.001, 16)]
)
def test_the_smallest_reduction_that_is_large_enough(scale: float, reduced: int) -> None:
    picture, times = Reductions(np.zeros((20, 33, 3), dtype=np.uint8)).at_least(scale)
    assert times == reduced
    assert picture.shape[:2] == (20 // reduced, 33 // reduced)
