"""What answers tell of similarities, rates and places."""

import pytest

from app.domain.deciding.disclosure import (
    bound_of,
    disclosed,
    disclosed_margin,
    rounded_pixels,
    rounded_rate,
)
from app.domain.deciding.identification import Candidate, Threshold, identify
from models.registry.curve import ThresholdCurve

CURVE = ThresholdCurve.of([(0.5, 1.0), (0.8, 1e-2), (0.9, 1e-4)])


def test_numbers_are_rounded() -> None:
    assert disclosed(0.912345, 3.456e-5) == (0.912, 3e-5)
    assert rounded_rate(9.7e-4) == 1e-3
    assert rounded_pixels(12.3456) == 12.3


@pytest.mark.parametrize(
    ("fmr", "bound"), [(4e-6, None), (3.99e-6, 4e-6), (1.4e-8, 4e-6), (None, None)]
)
def test_a_rate_that_no_comparison_supports_is_told_as_a_bound(
    fmr: float | None, bound: float | None
) -> None:
    measured = ThresholdCurve.of([(0.5, 1.0), (0.9, 1e-8)], comparisons=983_520)
    assert bound_of(fmr, measured) == bound
    assert bound_of(fmr, None) is None


@pytest.mark.parametrize("similarity", [0.799, 0.5, -1.0])
def test_nothing_is_told_of_a_stored_face_that_is_not_alike(similarity: float) -> None:
    assert disclosed(similarity, CURVE.fmr(similarity)) == (None, None)


def test_without_calibration_the_similarity_alone_is_told() -> None:
    assert disclosed(0.71239, None) == (0.712, None)


@pytest.mark.parametrize(
    ("rival", "margin"), [(0.85049, 0.073), (0.7, None)], ids=["alike", "unlike"]
)
def test_a_margin_tells_no_more_than_the_similarities(rival: float, margin: float | None) -> None:
    ranked = [[Candidate("ann", 1, 0.92349), Candidate("bob", 2, rival)]]
    (verdict,) = identify(ranked, Threshold(0.9, 1e-4))
    assert disclosed_margin(verdict, CURVE) == margin
