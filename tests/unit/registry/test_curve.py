"""The threshold curve, both ways."""

import numpy as np
import pytest

from models.registry.curve import ThresholdCurve

CURVE = ThresholdCurve.of([(0.5, 0.5), (0.8, 1e-2), (0.9, 1e-4)])


def test_points_lie_on_the_curve() -> None:
    for similarity, fmr in zip(CURVE.similarities, CURVE.fmrs, strict=True):
        assert CURVE.fmr(similarity) == pytest.approx(fmr)
        assert CURVE.similarity(fmr) == pytest.approx(similarity)


def test_log_linear_between_points() -> None:
    assert CURVE.fmr(0.85) == pytest.approx(1e-3)
    assert CURVE.similarity(1e-3) == pytest.approx(0.85)


def test_last_slope_goes_on() -> None:
    assert CURVE.fmr(0.95) == pytest.approx(1e-5)
    assert CURVE.similarity(1e-5) == pytest.approx(0.95)


def test_ends() -> None:
    assert CURVE.fmr(-1.0) == CURVE.fmr(0.5) == pytest.approx(0.5)
    assert CURVE.similarity(1.0) == 0.5
    assert CURVE.similarity(1e-30) == 1.0


@pytest.mark.parametrize(
    ("comparisons", "least"),
    [(None, 1e-4), (0, 1e-4), (983_520, 4e-6), (3_000_000, 1e-6), (2, 1.0)],
)
def test_what_the_comparisons_support(comparisons: int | None, least: float) -> None:
    curve = ThresholdCurve.of([(0.5, 0.5), (0.9, 1e-4)], comparisons)
    assert curve.supported == least


def test_the_two_directions_agree() -> None:
    for fmr in np.logspace(-6, np.log10(0.5), 50):
        assert CURVE.fmr(CURVE.similarity(fmr)) == pytest.approx(fmr)


@pytest.mark.parametrize("fmr", [0.0, -0.1, 1.5])
def test_rates_outside_their_range(fmr: float) -> None:
    with pytest.raises(ValueError, match="false-match rate"):
        CURVE.similarity(fmr)


@pytest.mark.parametrize(
    "points",
    [
        [(0.5, 0.1)],
        [(0.5, 0.1), (0.5, 0.01)],
        [(0.5, 0.1), (0.6, 0.1)],
        [(0.5, 1.1), (0.6, 0.1)],
        [(0.5, 0.1), (0.6, 0.0)],
    ],
)
def test_bad_curves(points: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError):
        ThresholdCurve.of(points)
