"""Of a subject with several faces all of them are compared together."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.curves.fusing import MOST_FACES, fused_similarity

Vectors = NDArray[np.float32]
AXES: Vectors = np.eye(4, dtype=np.float32)


def nearest(probe: Vectors, faces: Vectors) -> float:
    return float((faces @ probe).max())


def nearer(probe: Vectors, faces: Vectors, power: float = 1.0) -> float:
    return fused_similarity(nearest(probe, faces), probe, faces, power)


def test_what_faces_have_in_common_is_nearer_than_each_of_them() -> None:
    faces = np.array([[0.8, 0.6, 0, 0], [0.8, 0, 0.6, 0]], np.float32)
    assert nearest(AXES[0], faces) == pytest.approx(0.8)
    length = np.sqrt(0.64 + 0.18)
    assert nearer(AXES[0], faces) == pytest.approx(0.8 / length, abs=1e-6)
    assert nearer(AXES[0], faces, 0.5) == pytest.approx(0.8 / length**0.5, abs=1e-6)
    assert nearer(AXES[0], faces, 0.0) == pytest.approx(0.8, abs=1e-6)


def test_one_face_that_is_like_a_stranger_does_not_name_it() -> None:
    assert nearer(AXES[0], AXES[:3]) == pytest.approx(1 / np.sqrt(3))


def test_faces_that_have_nothing_in_common_are_like_nobody() -> None:
    for power in (0.0, 0.5, 1.0):
        assert nearer(AXES[0], np.stack([AXES[0], -AXES[0]]), power) == 0.0


def test_more_faces_are_no_more_chances_for_strangers() -> None:
    rng = np.random.default_rng(2)
    person = rng.standard_normal((50, 1, 32))
    faces = person + 0.7 * rng.standard_normal((50, 5, 32))
    faces = (faces / np.linalg.norm(faces, axis=2, keepdims=True)).astype(np.float32)
    strangers = rng.standard_normal((60, 32)).astype(np.float32)
    strangers /= np.linalg.norm(strangers, axis=1, keepdims=True)

    def named(count: int) -> float:
        """Mean over strangers of their highest similarity to anybody."""
        highest = [max(nearer(one, own[:count]) for own in faces) for one in strangers]
        return float(np.mean(highest))

    single = named(1)
    assert named(3) < single + 0.01 and named(5) < single + 0.01
    alone = np.mean([max(nearest(one, own) for own in faces) for one in strangers])
    assert alone > single + 0.03


def test_of_one_face_and_of_none_the_similarity_stays() -> None:
    assert fused_similarity(0.4, AXES[0], AXES[:1], 0.5) == 0.4
    assert fused_similarity(0.4, AXES[0], AXES[:0], 0.5) == 0.4


def test_the_first_faces_make_the_template() -> None:
    first = np.repeat(AXES[:1], MOST_FACES, axis=0)
    assert fused_similarity(0.0, AXES[1], np.concatenate([first, AXES[1:2]]), 1.0) == 0.0
