"""Pose from landmarks: exact on projections of the model head, with the promised signs."""

import numpy as np
import pytest

from models.pipelines.faces.head_pose import _HEAD, estimate_pose

FRONTAL = np.array(
    [[47.949, 46.165], [102.099, 45.897], [74.652, 78.377], [51.762, 105.309], [98.417, 105.452]],
    dtype=np.float32,
)


def rotation(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Turn the head to the right of the picture, raise it, lean it clockwise."""
    (cy, cp, cr), (sy, sp, sr) = (f(np.radians([yaw, pitch, roll])) for f in (np.cos, np.sin))
    yaw_matrix = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    rise = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    lean = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(lean @ rise @ yaw_matrix)


@pytest.mark.parametrize(
    "angles", [(0, 0, 0), (30, 0, 0), (-30, 0, 0), (0, 25, 0), (0, 0, 120), (40, -20, -75)]
)
def test_projections_of_the_head(angles: tuple[float, float, float]) -> None:
    landmarks = (rotation(*angles) @ _HEAD.T).T[:, :2] * 43 + [300, 200]
    pose = estimate_pose(landmarks.astype(np.float32))
    np.testing.assert_allclose((pose.yaw, pose.pitch, pose.roll), angles, atol=0.01)


def test_signs_as_seen_in_the_picture() -> None:
    nose_right, nose_up = FRONTAL.copy(), FRONTAL.copy()
    nose_right[2, 0] += 12
    nose_up[2, 1] -= 12
    right_eye_lower = FRONTAL + np.array([[0, 0], [0, 10], [0, 0], [0, 0], [0, 10]])
    assert estimate_pose(nose_right).yaw > 10
    assert estimate_pose(nose_up).pitch > 10
    assert estimate_pose(right_eye_lower.astype(np.float32)).roll > 5


def test_average_landmarks_are_frontal() -> None:
    pose = estimate_pose(FRONTAL)
    assert max(abs(pose.yaw), abs(pose.pitch), abs(pose.roll)) < 4


def test_yaw_and_pitch_do_not_depend_on_the_turn_of_the_picture() -> None:
    looking = FRONTAL.copy()
    looking[2] += [9, -6]
    upright = estimate_pose(looking)
    turned = estimate_pose(np.stack([-looking[:, 1], looking[:, 0]], axis=1))
    np.testing.assert_allclose(
        (turned.yaw, turned.pitch, turned.roll),
        (upright.yaw, upright.pitch, upright.roll + 90),
        atol=0.01,
    )


def test_coinciding_landmarks() -> None:
    pose = estimate_pose(np.full((5, 2), 7, dtype=np.float32))
    assert (pose.yaw, pose.pitch, pose.roll) == (0, 0, 0)
