"""Pictures of crowds to measure detectors with."""

import numpy as np
import pytest

from benchmarks.networks.crowd_pictures import FACES, SIDES, crowds
from models.pipelines.detection.boxes import overlap
from training.detection.scenes.faces import LabelledFace


@pytest.fixture
def faces() -> list[LabelledFace]:
    """A face is a bright box on black."""
    made = []
    for width, height in ((60, 75), (30, 44)):
        grey = np.zeros((100, 100), np.uint8)
        grey[10 : 10 + height, 20 : 20 + width] = 255
        box = np.array([20, 10, 20 + width, 10 + height], np.float32)
        made.append(LabelledFace(grey, box, np.zeros((5, 2), np.float32), str(width)))
    return made


def test_faces_are_where_they_are_said_to_be(faces: list[LabelledFace]) -> None:
    for picture in crowds(faces, 3, seed=5):
        boxes = picture.boxes
        assert FACES[0] <= len(boxes) <= FACES[1]
        sides = (boxes[:, 2:] - boxes[:, :2]).min(axis=1)
        assert sides.min() >= SIDES[0] - 0.01 and sides.max() <= SIDES[1] + 0.01
        assert (boxes >= 0).all()
        assert (boxes[:, 2:] <= picture.rgb.shape[1::-1]).all()
        assert (overlap(boxes, boxes) > 0).sum() == len(boxes)
        for left, top, right, bottom in boxes.astype(int):
            x, y = (left + right) // 2, (top + bottom) // 2
            inner = picture.rgb[y, left + 4 : right - 4, 0]
            assert inner.min() > 180 and picture.rgb[y, x, 0] > 180
            assert picture.rgb[top + 4 : bottom - 4, x, 0].min() > 150


def test_pictures_are_functions_of_their_seed(faces: list[LabelledFace]) -> None:
    one, other = (crowds(faces, 2, seed=7) for _ in range(2))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a.rgb, b.rgb)
        np.testing.assert_array_equal(a.boxes, b.boxes)
    assert one[0].rgb.shape != crowds(faces, 1, seed=8)[0].rgb.shape
