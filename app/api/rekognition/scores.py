"""Similarities in percent, and thresholds of clients, on the format's scale."""

import math

from app.domain.deciding.identification import DEFAULT_FMR, DEFAULT_FPIR
from app.domain.deciding.scales import REKOGNITION
from app.domain.deciding.terms import ComparisonTerms, SearchTerms
from app.domain.deciding.verdicts import ComparisonVerdict, NamedCandidate
from app.services.deciding.questions import Identified

_MOST_CANDIDATES = 100
_FEW_CANDIDATES = 20
"""Subjects that are named when a client wants to see those below the threshold as well."""
MIN_QUALITY = {"NONE": 0.0, "AUTO": None, "LOW": 0.2, "MEDIUM": 0.4, "HIGH": 0.6}
"""By quality filter; None is the service's own gate."""


def search_terms(threshold: float, most: int) -> SearchTerms:
    """The terms of a search for what is at least so alike.

    A threshold above the customary one is a stricter rate; below it, the numbers of those who
    are not found are looked at.
    """
    if threshold < REKOGNITION.cut:
        return SearchTerms(candidates=min(most, _FEW_CANDIDATES))
    stricter = DEFAULT_FPIR * REKOGNITION.rate(threshold, 1.0)
    return SearchTerms(
        fpir=None if threshold == REKOGNITION.cut else stricter,
        candidates=min(most, _MOST_CANDIDATES),
        matches_only=True,
    )


def comparison_terms(threshold: float) -> ComparisonTerms:
    """The terms of a comparison for what is at least so alike."""
    return ComparisonTerms(fmr=min(0.999, REKOGNITION.rate(threshold, DEFAULT_FMR)))


def matches(decided: Identified, threshold: float) -> list[tuple[NamedCandidate, float]]:
    """List whoever is at least so alike a search's only probe, best first, with the similarity.

    Where a number is withheld the threshold stands for it: it is that or more.
    """
    subjects = max(1, decided.enrolled_subjects)
    operating = -math.expm1(math.log1p(-DEFAULT_FPIR) / subjects)
    strict = threshold >= REKOGNITION.cut
    verdict = decided.verdicts[0]
    found: list[tuple[NamedCandidate, float]] = []
    for one in verdict.candidates:
        is_match = verdict.match is not None and one.subject.id == verdict.match.subject.id
        known = strict or is_match or (one.curve_fmr is not None and one.curve_fmr <= operating)
        score = REKOGNITION.score(one.curve_fmr, operating, known=known)
        if strict:
            score = max(score, threshold)
        if score >= threshold:
            found.append((one, score))
    return found


def compared(verdict: ComparisonVerdict, threshold: float) -> float:
    """The similarity of two pictures' faces; at least the threshold when they match by it."""
    fmr = verdict.curve_fmr
    known = fmr is not None and fmr <= DEFAULT_FMR
    score = REKOGNITION.score(fmr, DEFAULT_FMR, known=known)
    return max(score, threshold) if verdict.match else min(score, threshold)
