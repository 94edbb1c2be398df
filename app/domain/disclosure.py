"""How exactly an answer tells of similarities, rates and places.

A similarity is the product of a stored template with an embedding that the caller may know:
the more digits, the fewer answers give the template away.
"""

from app.domain.decisions import Identification
from models.registry.curve import ThresholdCurve

UNLIKE_FMR = 1e-2
"""Of a stored face that is less alike than this rate's similarity no number is told."""


def told_similarity(similarity: float) -> float:
    """To a thousandth."""
    return round(similarity, 3)


def told_rate(fmr: float) -> float:
    """To one digit."""
    return float(f"{fmr:.0e}")


def told_pixels(pixels: float) -> float:
    """To a tenth of a pixel."""
    return round(float(pixels), 1)


def told_of_stored(similarity: float, fmr: float | None) -> tuple[float | None, float | None]:
    """Similarity to a stored face and its rate; None for both when it is not alike.

    Without a rate, that of an encoder that was never calibrated, the similarity is told.
    """
    if fmr is None:
        return told_similarity(similarity), None
    if fmr > UNLIKE_FMR:
        return None, None
    return told_similarity(similarity), told_rate(fmr)


def told_margin(verdict: Identification, curve: ThresholdCurve) -> float | None:
    """The difference of the two similarities as they are told; None unless both are."""
    leader = verdict.match or next(iter(verdict.candidates), None)
    if leader is None or verdict.margin is None:
        return None
    levels = (leader.similarity, leader.similarity - verdict.margin)
    first, second = (told_of_stored(level, curve.fmr(level))[0] for level in levels)
    return None if first is None or second is None else told_similarity(first - second)
