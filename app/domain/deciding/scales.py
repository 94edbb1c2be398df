"""Scales of other systems: one monotone map from false-match rates to the scores that clients know.

Clients of other systems hold a score against a cut that they learnt there, and Facet's similarities
mean nothing on those scales. What has a meaning everywhere is how seldom strangers are as alike. So
a score is made of the false-match rate f of an answer and of the rate t at which was decided:

    known:    top - (top - cut) * (f / t) ** (1/4)               from `cut` at f = t towards `top`
    unknown:  lowest + (highest - lowest) * (t / f) ** (1/4)     from `highest` at f = t down

A score below `cut` and above `highest` is never given, so that every cut of a client that lies
between decides as Facet does. Rates come rounded to one digit, or not at all where they may not be
disclosed: then the score is `cut` of whoever is known, and `lowest` of everybody else.
"""

from dataclasses import dataclass

from app.domain.deciding.verdicts import ComparisonVerdict

_STEEPNESS = 0.25
"""A rate ten times smaller leaves .56 of what the score lacks."""
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """Scores of one system."""

    cut: float
    """The customary cut of its clients: the score at the threshold that was decided at."""
    highest_unknown: float
    """Scores of whoever is not known lie at or below it."""
    lowest: float
    """The score of whoever is not known and of whom no number may be given."""
    top: float = 1.0

    def score(self, fmr: float | None, threshold_fmr: float, *, known: bool) -> float:
        """The score of a face that strangers are as alike as with the rate `fmr`.

        `threshold_fmr` is the rate of the threshold that was decided at. None for `fmr` is a
        number that is withheld.
        """
        if known:
            ratio = 1.0 if fmr is None else min(1.0, fmr / threshold_fmr)
            score = self.top - (self.top - self.cut) * ratio**_STEEPNESS
        else:
            ratio = 0.0 if fmr is None else min(1.0, threshold_fmr / fmr)
            score = self.lowest + (self.highest_unknown - self.lowest) * ratio**_STEEPNESS
        return float(round(score, _DIGITS))

    def found(self, fmr: float | None, decided_fmr: float, operating_fmr: float) -> float:
        """The score of whoever was found at a threshold that may be the client's own.

        `decided_fmr` is that threshold's rate, and `operating_fmr` the collection's, to which the
        score refers. It is no lower than the threshold's own score.
        """
        strict = decided_fmr <= operating_fmr
        least = self.score(decided_fmr, operating_fmr, known=strict)
        known = strict or (fmr is not None and fmr <= operating_fmr)
        return max(least, self.score(fmr, operating_fmr, known=known))

    def compared(self, verdict: ComparisonVerdict) -> float:
        """The score of two faces, at the rate that they were compared at."""
        return self.score(verdict.curve_fmr, verdict.threshold.fmr or 1.0, known=verdict.match)

    def decides_alike(self, score: float) -> bool:
        """Whether a client's threshold on this scale is the one of the collection itself."""
        return self.highest_unknown < score <= self.cut

    def rate(self, score: float, threshold_fmr: float) -> float:
        """The false-match rate that a client's threshold on this scale stands for, in (0, 1].

        That of the threshold itself for scores that are never given, and 1 for `lowest` and less.
        """
        if self.decides_alike(score):
            return threshold_fmr
        if score > self.cut:
            lacking = max(self.top - score, 0.1**_DIGITS * self.top)
            return float(threshold_fmr * (lacking / (self.top - self.cut)) ** (1 / _STEEPNESS))
        if score <= self.lowest:
            return 1.0
        share = (score - self.lowest) / (self.highest_unknown - self.lowest)
        return float(min(1.0, threshold_fmr * share ** (-1 / _STEEPNESS)))


COMPREFACE = Scale(cut=0.6, highest_unknown=0.4, lowest=0.1)
DEEPSTACK = Scale(cut=0.6, highest_unknown=0.39, lowest=0.0)
REKOGNITION = Scale(cut=80.0, highest_unknown=45.0, lowest=10.0, top=100.0)
