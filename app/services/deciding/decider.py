"""Decisions within what a key may be told of the subjects they are about."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.domain.decisions import Candidate, Identification, Threshold, identify
from app.domain.disclosure import is_standard, is_told, stricter_standard, told_margin
from app.services.deciding.allowances import Allowances, Withheld
from models.registry.curve import ThresholdCurve


@dataclass(frozen=True, slots=True)
class Identified:
    """The verdicts of a search, of which some numbers are not to be told."""

    verdicts: tuple[Identification, ...]
    """With the candidates that are to be named, and margins as they may be told."""
    threshold: Threshold
    """That was decided at."""
    withheld: Withheld


class Decider:
    """Decides comparisons with enrolled faces. Decisions are made with exact numbers."""

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances

    def claim(
        self, subject_id: str, similarity: float, threshold: Threshold, curve: ThresholdCurve | None
    ) -> tuple[Threshold, Withheld]:
        """The threshold to decide at, and whether the similarity may be told.

        A decision at a threshold of the caller's own counts as a number: by bisection it is one.
        """
        own = not is_standard(threshold)
        counts = own or is_told(similarity, curve)
        withheld = self._allowances.take({subject_id: int(counts)})
        if withheld.subjects and own:
            threshold = stricter_standard(threshold, curve)
        return threshold, withheld

    def identify(
        self,
        ranked: Sequence[Sequence[Candidate]],
        threshold: Threshold,
        curve: ThresholdCurve,
        *,
        own: bool,
        shown: int,
        unique: bool,
        meet: Callable[[int, int], bool] = lambda first, second: True,
    ) -> Identified:
        """Decide the probes of a request, and count whatever is told of them.

        `own` tells whether the caller placed the threshold, be it by choosing among whom to
        search; `shown` how many candidates are named. The rest is that of `identify`.
        """
        verdicts = identify(ranked, threshold, unique=unique, meet=meet)
        wanted = Counter[str]()
        for verdict in verdicts:
            wanted.update(_numbers(verdict, max(2, shown), curve, own=own))
        withheld = self._allowances.take(wanted)
        if withheld.subjects and own:
            threshold = stricter_standard(threshold, curve)
            verdicts = identify(ranked, threshold, unique=unique, meet=meet)
        told = (
            replace(
                verdict,
                candidates=verdict.candidates[:shown],
                margin=told_margin(verdict, curve, withheld.subjects),
            )
            for verdict in verdicts
        )
        return Identified(tuple(told), threshold, withheld)

    def withheld(self, candidates: Sequence[Candidate]) -> Withheld:
        """Count one number of each candidate; those that must not be told."""
        return self._allowances.take(Counter(one.subject_id for one in candidates))

    def several(
        self, subject_id: str, similarities: Sequence[float], curve: ThresholdCurve
    ) -> bool:
        """Whether all of these similarities to one subject may be told, beside its own."""
        numbers = sum(is_told(similarity, curve) for similarity in similarities)
        return not self._allowances.take({subject_id: numbers}).subjects


def _numbers(
    verdict: Identification, shown: int, curve: ThresholdCurve, *, own: bool
) -> dict[str, int]:
    """How many numbers of each subject an answer with this verdict tells."""
    leader = verdict.match or next(iter(verdict.candidates), None)
    named = {c.subject_id: c for c in (*verdict.candidates[:shown], leader) if c is not None}
    return {
        subject: int(is_told(one.similarity, curve) or (own and one is leader))
        for subject, one in named.items()
    }
