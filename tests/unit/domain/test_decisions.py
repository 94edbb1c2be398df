"""Error rates to thresholds, and similarities to identities."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deciding.identification import (
    Candidate,
    Threshold,
    fuse_per_subject,
    identification_threshold,
    identify,
    verification_threshold,
)
from app.domain.errors.requests import InvalidThresholdError
from models.registry.curve import ThresholdCurve

CURVE = ThresholdCurve.of([(0.0, 1.0), (0.9, 1e-2), (0.95, 1e-4), (0.97, 1e-6)])


def test_verification_defaults_to_one_in_a_thousand() -> None:
    threshold = verification_threshold(CURVE)
    assert threshold.fmr == 1e-3
    assert threshold.similarity == pytest.approx(0.925)


@given(st.floats(1e-4, 0.5), st.integers(1, 10**7))
def test_identification_threshold_keeps_the_rate_of_any_false_match(fpir: float, n: int) -> None:
    fmr = identification_threshold(CURVE, n, fpir=fpir).fmr
    assert fmr is not None
    # The definition: the chance that at least one of n impostor comparisons passes.
    assert 1 - (1 - fmr) ** n == pytest.approx(fpir, rel=1e-4)


def test_identification_of_one_subject_is_verification() -> None:
    assert identification_threshold(CURVE, 1, fpir=0.01).fmr == pytest.approx(0.01)
    assert identification_threshold(CURVE, 0, fpir=0.01).fmr == pytest.approx(0.01)


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, 2.0, math.nan])
def test_rates_outside_zero_and_one_are_refused(rate: float) -> None:
    with pytest.raises(InvalidThresholdError):
        verification_threshold(CURVE, fmr=rate)
    with pytest.raises(InvalidThresholdError):
        identification_threshold(CURVE, 5, fpir=rate)


def test_a_rate_and_a_similarity_exclude_each_other() -> None:
    with pytest.raises(InvalidThresholdError):
        verification_threshold(CURVE, fmr=0.1, similarity=0.5)
    with pytest.raises(InvalidThresholdError):
        identification_threshold(CURVE, 5, fpir=0.1, similarity=0.5)


def test_an_explicit_similarity_tells_its_rate() -> None:
    assert verification_threshold(CURVE, similarity=0.95).fmr == pytest.approx(1e-4)
    with pytest.raises(InvalidThresholdError):
        verification_threshold(CURVE, similarity=1.5)


def test_fusion_keeps_the_best_face_of_each_subject_and_skips_unknown_faces() -> None:
    fused = fuse_per_subject([0.9, 0.8, 0.7, 0.6], [4, 1, 2, 3], {1: "ann", 2: "bob", 4: "bob"})
    assert fused == [Candidate("bob", 4, 0.9), Candidate("ann", 1, 0.8)]


def _candidates(**similarities: float) -> list[Candidate]:
    return sorted(
        (Candidate(name, 1, value) for name, value in similarities.items()),
        key=lambda c: -c.similarity,
    )


def test_nobody_is_twice_in_one_picture_unless_allowed() -> None:
    ranked = [_candidates(ann=0.96, bob=0.94), _candidates(ann=0.98, bob=0.91)]
    first, second = identify(ranked, Threshold(0.93, 1e-3))
    assert second.match == Candidate("ann", 1, 0.98)
    assert first.match == Candidate("bob", 1, 0.94)
    both = identify(ranked, Threshold(0.93, 1e-3), unique=False)
    assert [v.match and v.match.subject_id for v in both] == ["ann", "ann"]


def test_a_face_whose_subject_is_taken_and_has_no_other_is_unknown() -> None:
    ranked = [_candidates(ann=0.96, bob=0.80), _candidates(ann=0.98)]
    first, second = identify(ranked, Threshold(0.93, 1e-3))
    assert (first.decision, second.decision) == ("unknown", "known")
    assert first.candidates[0].subject_id == "ann"


def test_margin_is_the_distance_to_the_next_subject() -> None:
    (verdict,) = identify([_candidates(ann=0.96, bob=0.80)], Threshold(0.93, 1e-3))
    assert verdict.margin == pytest.approx(0.16)
    (alone,) = identify([_candidates(ann=0.96)], Threshold(0.93, 1e-3))
    assert alone.margin is None
    (nobody,) = identify([[]], Threshold(0.93, 1e-3))
    assert nobody.decision == "unknown" and nobody.margin is None


@given(st.lists(st.lists(st.floats(0, 1), min_size=4, max_size=4), min_size=1, max_size=4))
def test_unique_assignment_never_repeats_and_never_lets_a_worse_probe_win(
    table: list[list[float]],
) -> None:
    ranked = [_candidates(**{f"s{i}": v for i, v in enumerate(row)}) for row in table]
    verdicts = identify(ranked, Threshold(0.5, 1e-3))
    names = [v.match.subject_id for v in verdicts if v.match]
    assert len(names) == len(set(names))
    for (a, row_a), (b, _) in itertools.permutations(zip(verdicts, table, strict=True), 2):
        # Stability: a does not prefer b's subject while also resembling it more than b does.
        if b.match is not None:
            claim = row_a[int(b.match.subject_id[1:])]
            own = a.match.similarity if a.match else 0.5
            assert claim <= max(own, b.match.similarity)
