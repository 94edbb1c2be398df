"""Which face is meant."""

import numpy as np
import pytest

from app.domain.deciding.selection import choose_face
from app.domain.errors.pictures import NoFaceError, SeveralFacesError
from app.domain.faces import Box, Face, Pose, Quality


def _face(side: float) -> Face:
    return Face(
        Box(0, 0, side, side), 1.0, np.zeros((5, 2), np.float32), Pose(0, 0, 0), Quality(1.0)
    )


def test_one_face_is_meant_whatever_the_choice() -> None:
    face = _face(50)
    assert choose_face([face], "only") is face
    assert choose_face([face], "dominant") is face


def test_a_dominant_face_is_taken_beside_a_small_one_but_not_when_one_is_demanded() -> None:
    small, large = _face(50), _face(100)
    assert choose_face([small, large], "dominant") is large
    with pytest.raises(SeveralFacesError):
        choose_face([small, large], "only")


def test_two_faces_of_like_size_are_ambiguous_unless_the_largest_is_asked_for() -> None:
    near, far = _face(100), _face(51)
    with pytest.raises(SeveralFacesError) as caught:
        choose_face([near, far], "dominant")
    assert caught.value.data == {"faces": 2}
    assert choose_face([far, near], "largest") is near


def test_no_face_is_an_error() -> None:
    with pytest.raises(NoFaceError):
        choose_face([], "largest")
