"""Head rotation from five landmarks."""

import numpy as np
from numpy.typing import NDArray

from models.pipelines.faces.face_quality import Pose

# An average head in units of half the distance between the eyes: x to the right of the
# picture, y down, z away from the camera. Its x and y are those of average frontal
# landmarks; the nose stands out by half the distance between the eyes.
_HEAD = np.array(
    [
        [-1.0, -1.05, 0.0],
        [1.0, -1.05, 0.0],
        [0.0, 0.15, -1.0],
        [-0.86, 1.14, -0.1],
        [0.86, 1.14, -0.1],
    ]
)

_HEAD_CENTRED = _HEAD - _HEAD.mean(axis=0)
_FROM_LANDMARKS = np.linalg.pinv(_HEAD_CENTRED)


def estimate_pose(landmarks: NDArray[np.floating]) -> Pose:
    """Yaw, pitch and roll in degrees of the head that projects best onto (5, 2) landmarks.

    Scaled orthographic projection of an average head, fitted by least squares. Good to some
    ten degrees, since heads differ; yaw and pitch do not depend on how the picture is turned
    in its plane. Landmarks that coincide give a pose of zero.
    """
    points = np.asarray(landmarks, dtype=np.float64)
    projection = (_FROM_LANDMARKS @ (points - points.mean(axis=0))).T
    if np.linalg.norm(projection) < 1e-9:
        return Pose(0.0, 0.0, 0.0)
    u, _, vt = np.linalg.svd(projection, full_matrices=False)
    axes = u @ vt  # the nearest two orthonormal rows
    return _angles(np.vstack([axes, np.cross(axes[0], axes[1])]))


def _angles(rotation: NDArray[np.float64]) -> Pose:
    """Angles of R = Rz(roll) Rx(pitch) Ry(yaw): turn the head, raise it, lean it.

    With c, s the cosine and sine of pitch: row products give R[2] = (-c sin yaw, s, c cos yaw)
    up to signs fixed by the axes, and column 1 = (-s' c, c' c, s) with the roll's s', c'.
    """
    pitch = np.arcsin(np.clip(-rotation[2, 1], -1.0, 1.0))
    yaw = np.arctan2(rotation[2, 0], rotation[2, 2])
    roll = np.arctan2(-rotation[0, 1], rotation[1, 1])
    return Pose(*(float(np.degrees(angle)) for angle in (yaw, pitch, roll)))
