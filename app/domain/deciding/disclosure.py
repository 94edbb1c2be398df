"""Exactness with which an answer discloses similarities, rates and places.

A similarity is the product of a stored template with an embedding that the caller may know, so
every number is an equation for the template. Rounding makes them less exact; that they are few is
seen to by `app.services.deciding.allowances`.
"""

import math

from app.domain.deciding.identification import Identification, Threshold
from models.registry.curve import ThresholdCurve

UNLIKE_FMR = 1e-2
"""Of a stored face that is less alike than this rate's similarity no number is disclosed."""


def rounded_similarity(similarity: float) -> float:
    """Round to a thousandth."""
    return round(similarity, 3)


def rounded_rate(fmr: float) -> float:
    """Round to one digit."""
    return float(f"{fmr:.0e}")


def rounded_pixels(pixels: float) -> float:
    """Round to a tenth of a pixel."""
    return round(float(pixels), 1)


def disclosed(similarity: float, fmr: float | None) -> tuple[float | None, float | None]:
    """Similarity to a stored face and its rate; None for both when it is not alike.

    Without a rate, that of an encoder that was never calibrated, the similarity is disclosed.
    """
    if fmr is None:
        return rounded_similarity(similarity), None
    if fmr > UNLIKE_FMR:
        return None, None
    return rounded_similarity(similarity), rounded_rate(fmr)


def bound_of(fmr: float | None, curve: ThresholdCurve | None) -> float | None:
    """The rate to state instead of one that the curve's comparisons do not support; else None."""
    if fmr is None or curve is None or fmr >= curve.supported:
        return None
    return curve.supported


def is_disclosed(similarity: float, curve: ThresholdCurve | None) -> bool:
    """Whether the similarity to a stored face is one that may be disclosed at all."""
    fmr = None if curve is None else curve.fmr(similarity)
    return disclosed(similarity, fmr)[0] is not None


def is_standard(threshold: Threshold) -> bool:
    """Whether the threshold is that of a power of ten that is at most `UNLIKE_FMR`."""
    if threshold.fmr is None or threshold.fmr > UNLIKE_FMR:
        return False
    power = math.log10(threshold.fmr)
    return math.isclose(power, round(power), abs_tol=1e-9)


def stricter_standard(threshold: Threshold, curve: ThresholdCurve | None) -> Threshold:
    """The threshold of the next power of ten that is not laxer, `UNLIKE_FMR` at the laxest.

    Without a curve, that of the next twentieth.
    """
    if curve is None or threshold.fmr is None:
        return Threshold(min(1.0, math.ceil(threshold.similarity * 20) / 20), None)
    rate = min(UNLIKE_FMR, 10.0 ** math.floor(math.log10(threshold.fmr) + 1e-9))
    return Threshold(max(threshold.similarity, curve.similarity(rate)), rate)


def disclosed_margin(
    verdict: Identification, curve: ThresholdCurve, withheld: frozenset[str] = frozenset()
) -> float | None:
    """The difference of the two similarities as they are disclosed; None unless both are."""
    leader = verdict.match or next(iter(verdict.candidates), None)
    if leader is None or verdict.margin is None:
        return None
    rival = next(c for c in verdict.candidates if c.subject_id != leader.subject_id)
    if withheld & {leader.subject_id, rival.subject_id}:
        return None
    levels = (leader.similarity, leader.similarity - verdict.margin)
    first, second = (disclosed(level, curve.fmr(level))[0] for level in levels)
    return None if first is None or second is None else rounded_similarity(first - second)
