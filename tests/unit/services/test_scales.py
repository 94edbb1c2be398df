"""Scales of other systems: the threshold at their cut, strangers far below, nothing between."""

import pytest

from app.domain.deciding.disclosure import UNLIKE_FMR
from app.domain.deciding.identification import Threshold
from app.domain.deciding.scales import COMPREFACE, DEEPSTACK, REKOGNITION, Scale
from app.domain.deciding.verdicts import ComparisonVerdict

SCALES = [COMPREFACE, DEEPSTACK, REKOGNITION]
CUSTOMARY = {COMPREFACE: (0.6, 0.5), DEEPSTACK: (0.6, 0.4), REKOGNITION: (80, 50)}
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
    assert scale.decides_alike(between) and scale.decides_alike(scale.cut)
    assert not scale.decides_alike(scale.highest_unknown)
    assert scale.rate(between, threshold) == scale.rate(scale.cut, threshold) == threshold
    assert scale.rate(scale.lowest, threshold) == scale.rate(-1, threshold) == 1.0
    assert 0 < scale.rate(scale.top, threshold) < threshold
    assert 0 < scale.rate(scale.top * 2, threshold) < threshold


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("operating", THRESHOLDS)
def test_whoever_is_found_at_a_clients_threshold_passes_it(scale: Scale, operating: float) -> None:
    share = (scale.cut - scale.lowest) / 20
    for step in range(1, 20):
        asked = scale.lowest + step * share
        decided = min(1.0, scale.rate(asked, operating))
        for fmr in (rate for rate in [*RATES, None] if rate is None or rate <= decided):
            score = scale.found(fmr, decided, operating)
            assert score >= min(asked, scale.highest_unknown) - 1e-4 * scale.top
            assert (score >= scale.cut) == (
                decided <= operating or (fmr is not None and fmr <= operating)
            )
    for asked in (scale.cut + (scale.top - scale.cut) * part / 10 for part in range(10)):
        decided = scale.rate(asked, operating)
        assert scale.found(None, decided, operating) == pytest.approx(asked, abs=1e-4 * scale.top)
        assert scale.found(0.0, decided, operating) == scale.top


@pytest.mark.parametrize("scale", SCALES)
def test_two_faces_are_scored_by_their_verdict(scale: Scale) -> None:
    at = Threshold(0.5, 1e-3)
    assert scale.compared(ComparisonVerdict(True, at, 0.5, 2e-3)) == scale.cut
    assert scale.compared(ComparisonVerdict(False, at, 0.5, 9e-4)) == scale.highest_unknown
    assert scale.compared(ComparisonVerdict(False, at, None, None)) == scale.lowest
