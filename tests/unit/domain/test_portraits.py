"""The enrolled face among those in its kept image."""

import numpy as np
import pytest

from app.domain.faces import Box, Face, Pose, Quality
from app.domain.portraits import find_enrolled


def face(x: float, y: float, width: float, height: float) -> Face:
    return Face(
        Box(x, y, width, height), 1.0, np.zeros((5, 2), np.float32), Pose(0, 0, 0), Quality(1)
    )


@pytest.mark.parametrize(
    ("enrolled", "found"),
    [
        (Box(500, 400, 100, 120), (100, 120, 100, 120)),  # one box size of surroundings
        (Box(500, 400, 100, 120), (52, 63, 50, 60)),  # kept at half the size, found a bit off
        (Box(30, 400, 100, 120), (30, 120, 100, 120)),  # the picture ended left of the face
        (Box(-20, -10, 100, 120), (-20, -10, 100, 120)),  # and within the face
    ],
)
def test_the_face_lies_where_it_was_cut(enrolled: Box, found: tuple[float, ...]) -> None:
    larger_neighbour = face(found[0] + 1.2 * found[2], 0, 2 * found[2], 2 * found[3])
    smaller_neighbour = face(0, 0, found[2] / 3, found[3] / 3)
    faces = [larger_neighbour, face(*found), smaller_neighbour]
    assert find_enrolled(enrolled, faces) is faces[1]


def test_another_face_is_not_taken() -> None:
    enrolled = Box(500, 400, 100, 120)
    assert find_enrolled(enrolled, []) is None
    assert find_enrolled(enrolled, [face(220, 120, 100, 120)]) is None
    assert find_enrolled(enrolled, [face(0, 0, 100, 120)]) is None
