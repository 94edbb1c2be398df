"""Verdicts as answers give them: with names, and with numbers as exact as may be disclosed."""

from dataclasses import dataclass

from app.domain.deciding.identification import Known, Threshold
from app.domain.gallery import Subject


@dataclass(frozen=True, slots=True)
class NamedCandidate:
    """A subject who may be the probe, with the enrolled face that resembles it most."""

    subject: Subject
    face_id: int
    similarity: float | None
    """To a thousandth; None where it must not be disclosed."""
    curve_fmr: float | None
    """False-match rate of a threshold at this similarity by the curve, to one digit, also where
    it is a guess of the curve's: answers take `stated_rate`. None likewise."""
    fmr_bound: float | None = None
    """The smallest rate that the curve's comparisons support, where `curve_fmr` lies below."""


@dataclass(frozen=True, slots=True)
class SearchVerdict:
    """The answer who a probe is, or nobody, and who came close."""

    decision: Known
    match: NamedCandidate | None
    """The subject that the probe was decided to be; None when unknown."""
    candidates: tuple[NamedCandidate, ...]
    """As many as were asked for, best first, one for each subject, also below the threshold."""
    margin: float | None
    """Similarity ahead of the next subject; None unless both may be disclosed."""
    frames: tuple[float | None, ...] | None = None
    """Similarity of each frame of a track alone to `nearest`, each None where it is not alike.

    None for a picture's face, without `nearest`, and where the frames are more numbers than may
    be given of the subject.
    """

    @property
    def nearest(self) -> NamedCandidate | None:
        """The match, or the best candidate when unknown."""
        return self.match or next(iter(self.candidates), None)


@dataclass(frozen=True, slots=True)
class ComparisonVerdict:
    """The answer whether two faces are one person's."""

    match: bool
    threshold: Threshold
    """That was decided at."""
    similarity: float | None
    """To a thousandth; None where it must not be disclosed."""
    curve_fmr: float | None
    """False-match rate of a threshold at this similarity: how often strangers score so high, to
    one digit, also where it is a guess of the curve's. None likewise, and for an encoder that was
    never calibrated."""
    fmr_bound: float | None = None
    """The smallest rate that the curve's comparisons support, where `curve_fmr` lies below."""
    denied: bool = False
    """Whether it is similar enough, but nearer to a face that somebody said is not theirs."""


def stated_rate(one: NamedCandidate | ComparisonVerdict | None) -> tuple[float | None, bool]:
    """The rate as answers state it, and whether it is a bound: the rate is that or less."""
    if one is None:
        return None, False
    if one.curve_fmr is None or one.fmr_bound is None:
        return one.curve_fmr, False
    return one.fmr_bound, True
