"""Of a subject with several faces all of them are compared together."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.deciding.fusing import MOST_FACES, fused_similarity

Vectors = NDArray[np.float32]
AXES: Vectors = np.eye(4, dtype=np.float32)


def nearest(probe: Vectors, faces: Vectors) -> float:
    return float((faces @ probe).max())


def test_what_faces_have_in_common_is_nearer_than_each_of_them() -> None:
    faces = np.array([[0.8, 0.6, 0, 0], [0.8, 0, 0.6, 0]], np.float32)
    assert nearest(AXES[0], faces) == pytest.approx(0.8)
    fused = fused_similarity(0.8, AXES[0], faces)
    assert fused == pytest.approx(0.8 / np.sqrt(0.64 + 0.18), abs=1e-6)


def test_nobody_is_further_than_the_nearest_face() -> None:
    unlike = AXES[:3]
    assert fused_similarity(1.0, AXES[0], unlike) == 1.0
    assert fused_similarity(-0.5, -AXES[0], np.stack([AXES[0], -AXES[0]])) == -0.5


def test_of_one_face_and_of_none_the_similarity_stays() -> None:
    assert fused_similarity(0.4, AXES[0], AXES[:1]) == 0.4
    assert fused_similarity(0.4, AXES[0], AXES[:0]) == 0.4


def test_the_first_faces_make_the_template() -> None:
    first = np.repeat(AXES[:1], MOST_FACES, axis=0)
    assert fused_similarity(0.0, AXES[1], np.concatenate([first, AXES[1:2]])) == 0.0
