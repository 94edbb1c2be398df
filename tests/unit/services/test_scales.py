"""Scales of other systems: the threshold at their cut, strangers far below, nothing between."""

import pytest

from app.domain.deciding.disclosure import UNLIKE_FMR
from app.domain.deciding.scales import COMPREFACE, REKOGNITION, Scale

SCALES = [COMPREFACE, REKOGNITION]
CUSTOMARY = {COMPREFACE: (0.6, 0.5), REKOGNITION: (80, 50)}
"""The cut, and what 99 of 100 strangers must stay below."""
THRESHOLDS = [1e-2, 2.5e-3, 1e-3, 1e-5, 1e-8]
RATES = [1.0, 0.5, 1e-2, 9e-3, 1e-3, 3e-4, 1e-4, 6e-6, 1e-8, 1e-12, 0.0]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_the_threshold_lands_at_the_cut_and_strangers_below(scale: Scale, threshold: float) -> None:
    cut, bound = CUSTOMARY[scale]
    assert scale.score(threshold, threshold, known=True) == cut == scale.cut
    for rate in (rate for rate in RATES if rate > threshold):
        assert scale.lowest <= scale.score(rate, threshold, known=False) < bound
    assert scale.score(UNLIKE_FMR, threshold, known=False) < bound


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_scores_rise_as_rates_fall(scale: Scale, threshold: float) -> None:
    scores = [scale.score(rate, threshold, known=rate <= threshold) for rate in RATES]
    assert scores == sorted(scores)
    assert scale.lowest <= scores[0]
    assert scores[-1] <= scale.top


@pytest.mark.parametrize("scale", SCALES)
def test_what_is_withheld_has_one_score_for_everybody(scale: Scale) -> None:
    for threshold in THRESHOLDS:
        assert scale.score(None, threshold, known=True) == scale.cut
        assert scale.score(None, threshold, known=False) == scale.lowest


@pytest.mark.parametrize("scale", SCALES)
def test_a_rounded_rate_does_not_undo_a_decision(scale: Scale) -> None:
    assert scale.score(3e-3, 2.5e-3, known=True) == scale.cut
    assert scale.score(2e-3, 2.5e-3, known=False) == scale.highest_unknown


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_thresholds_are_mapped_back(scale: Scale, threshold: float) -> None:
    for rate in (threshold / 3, threshold / 1000, min(1.0, threshold * 5)):
        score = scale.score(rate, threshold, known=rate <= threshold)
        assert scale.rate(score, threshold) == pytest.approx(rate, rel=0.05)
    between = (scale.cut + scale.highest_unknown) / 2
    assert scale.rate(between, threshold) == scale.rate(scale.cut, threshold) == threshold
    assert scale.rate(scale.lowest, threshold) == scale.rate(-1, threshold) == 1.0
    assert 0 < scale.rate(scale.top, threshold) < threshold
    assert 0 < scale.rate(scale.top * 2, threshold) < threshold
