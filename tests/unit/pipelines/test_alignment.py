"""The least-squares similarity against its definition, and chips against known geometry."""

import cv2
import numpy as np
import pytest
from scipy.optimize import minimize

from models.pipelines.faces.alignment import align, fit_similarity

TEMPLATE = np.array(
    [[47.949, 46.165], [102.099, 45.897], [74.652, 78.377], [51.762, 105.309], [98.417, 105.452]]
)


def similarity_matrix(scale: float, degrees: float, shift: tuple[float, float]) -> np.ndarray:
    c, s = scale * np.cos(np.radians(degrees)), scale * np.sin(np.radians(degrees))
    return np.array([[c, -s, shift[0]], [s, c, shift[1]]])


def apply(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    moved: np.ndarray = points @ matrix[:, :2].T + matrix[:, 2]
    return moved


@pytest.mark.parametrize("degrees", [0, 37, 90, 180, -120])
@pytest.mark.parametrize("scale", [0.05, 1.0, 7.0])
def test_exact_similarity_is_found(scale: float, degrees: float) -> None:
    matrix = similarity_matrix(scale, degrees, (12, -300))
    found = fit_similarity(TEMPLATE, apply(matrix, TEMPLATE))
    np.testing.assert_allclose(found, matrix, atol=1e-9 * 300)


@pytest.mark.parametrize("seed", range(5))
def test_noisy_fit_minimises_the_squared_error(seed: int) -> None:
    rng = np.random.default_rng(seed)
    source, target = rng.normal(size=(5, 2)), rng.normal(size=(5, 2))

    def error(p: np.ndarray) -> float:
        matrix = np.array([[p[0], -p[1], p[2]], [p[1], p[0], p[3]]])
        return float(((apply(matrix, source) - target) ** 2).sum())

    best = minimize(error, np.array([1.0, 0, 0, 0]))
    found = fit_similarity(source, target)
    assert ((apply(found, source) - target) ** 2).sum() <= best.fun + 1e-9
    assert np.linalg.det(found[:, :2]) > 0


def test_mirrored_points_are_not_reflected() -> None:
    found = fit_similarity(TEMPLATE * [-1, 1], TEMPLATE)
    assert np.linalg.det(found[:, :2]) > 0


def test_coinciding_points_are_refused() -> None:
    with pytest.raises(ValueError, match="coincide"):
        fit_similarity(np.ones((5, 2)), TEMPLATE)


def dots(points: np.ndarray, radius: float, size: int) -> np.ndarray:
    """A picture with one dot per point, of different greys, in sub-pixel positions."""
    y, x = np.mgrid[:size, :size]
    picture = np.zeros((size, size))
    for number, (px, py) in enumerate(points):
        picture += (80 + 40 * number) * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * radius**2))
    return np.repeat(picture.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize("scale", [0.7, 1.0, 2.5, 5.3])
@pytest.mark.parametrize("degrees", [0, 25])
def test_landmarks_land_on_the_template(scale: float, degrees: float) -> None:
    landmarks = apply(similarity_matrix(scale, degrees, (150, 40)), TEMPLATE)
    chip = align(dots(landmarks, 4 * scale, 1100), landmarks, TEMPLATE, (150, 150))
    assert chip.shape == (150, 150, 3) and chip.dtype == np.uint8
    for x, y in TEMPLATE:
        left, top = round(x) - 10, round(y) - 10
        moments = cv2.moments(chip[top : top + 21, left : left + 21, 0])
        centre = (left + moments["m10"] / moments["m00"], top + moments["m01"] / moments["m00"])
        np.testing.assert_allclose(centre, (x, y), atol=0.35)


def test_large_faces_are_averaged_not_sampled() -> None:
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (1200, 1200, 3), dtype=np.uint8)
    landmarks = TEMPLATE * 6 + 100
    chip = align(noise, landmarks, TEMPLATE, (150, 150))
    # The mean of 36 independent pixels has a sixth of their spread of 74; 4 samples have half.
    assert chip.std() < 20


def test_chips_beyond_the_border_repeat_it() -> None:
    picture = np.full((200, 200, 3), 90, dtype=np.uint8)
    chip = align(picture, TEMPLATE - [60, 60], TEMPLATE, (150, 150))
    assert (chip == 90).all()
