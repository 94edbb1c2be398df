"""Detections in turned copies come back to where they belong."""

import numpy as np
import pytest

from app.vision.decoding.rotation import rotate, rotate_back
from models.pipelines.detection.results import Detections


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_marked_block_is_found_where_it_was(degrees: int) -> None:
    picture = np.zeros((40, 70, 3), dtype=np.uint8)
    picture[10:16, 50:58] = 255  # x 50..58, y 10..16
    picture[10, 50] = 99
    turned = rotate(picture, degrees)
    rows, columns = np.nonzero(turned[..., 0])
    box = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]
    corner = [float(v[0]) + 0.5 for v in np.nonzero(turned[..., 0] == 99)][::-1]
    found = Detections(
        np.array([box], dtype=np.float32),
        np.ones(1, dtype=np.float32),
        np.full((1, 5, 2), corner, dtype=np.float32),
        truncated=True,
    )
    back = rotate_back(found, degrees, 40, 70)
    np.testing.assert_allclose(back.boxes, [[50, 10, 8, 6]])
    np.testing.assert_allclose(back.landmarks[0, 0], [50.5, 10.5])
    assert back.truncated


def test_turns_are_clockwise() -> None:
    picture = np.zeros((2, 3, 3), dtype=np.uint8)
    picture[0, 0] = 1  # the top left goes to the top right
    assert rotate(picture, 90)[0, -1, 0] == 1
