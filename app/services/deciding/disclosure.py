"""Disclosure of decisions, within what a key may be given of each subject."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.deciding.disclosure import (
    bound_of,
    disclosed,
    disclosed_margin,
    is_disclosed,
    is_standard,
    stricter_standard,
)
from app.domain.deciding.identification import Candidate, Identification, Threshold, identify
from app.domain.deciding.terms import SearchTerms
from app.domain.deciding.verdicts import NamedCandidate, SearchVerdict
from app.domain.gallery import Subject
from app.services.deciding.allowances import Allowances, Withheld
from app.services.deciding.questions import Lookalikes
from app.services.keys import current_asker
from models.registry.curve import ThresholdCurve


@dataclass(frozen=True, slots=True)
class DisclosedSearch:
    """The verdicts of a search, of which some numbers may have to be withheld."""

    verdicts: tuple[Identification, ...]
    """With the candidates that are to be named, and margins as they may be disclosed."""
    threshold: Threshold
    """That was decided at."""
    withheld: Withheld


class Disclosure:
    """Counts the numbers that answers give of subjects. Decisions are made with exact numbers."""

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances

    def claim(
        self, subject_id: str, similarity: float, threshold: Threshold, curve: ThresholdCurve | None
    ) -> tuple[Threshold, Withheld]:
        """The threshold to decide at, and whether the similarity may be given.

        A decision at a threshold of the caller's own counts as a number: by bisection it is one.
        """
        own = not is_standard(threshold)
        counts = own or is_disclosed(similarity, curve)
        withheld = self._allowances.take({subject_id: int(counts)})
        if withheld.subjects and own:
            threshold = stricter_standard(threshold, curve)
        return threshold, withheld

    def identify(
        self,
        ranked: Sequence[Sequence[Candidate]],
        threshold: Threshold,
        curve: ThresholdCurve,
        terms: SearchTerms,
        *,
        meet: Callable[[int, int], bool] = lambda first, second: True,
    ) -> DisclosedSearch:
        """Decide the probes of a request, and count whatever the answer gives of them.

        Of the candidates a key that may not browse is told the match alone. A decision at a
        threshold that the caller has placed, be it by choosing among whom to search, counts as a
        number of whoever was nearest, named or not.
        """
        own = terms.own_threshold
        narrow = not may_name_others()
        verdicts = identify(ranked, threshold, unique=terms.unique, meet=meet)
        wanted = Counter[str]()
        for verdict in verdicts:
            counted = verdict
            if narrow:
                counted = _leader_alone(verdict, only_matches=not own)
            elif terms.matches_only:
                counted = _matches(verdict, threshold, and_leader=own)
            wanted.update(_numbers(counted, max(2, terms.candidates), curve, own=own))
        withheld = self._allowances.take(wanted)
        if withheld.subjects and own:
            threshold = stricter_standard(threshold, curve)
            verdicts = identify(ranked, threshold, unique=terms.unique, meet=meet)
        if narrow:
            verdicts = [_leader_alone(one, only_matches=True) for one in verdicts]
        elif terms.matches_only:
            verdicts = [_matches(one, threshold, and_leader=False) for one in verdicts]
        reduced = (
            replace(
                verdict,
                candidates=verdict.candidates[: terms.candidates],
                margin=disclosed_margin(verdict, curve, withheld.subjects),
            )
            for verdict in verdicts
        )
        return DisclosedSearch(tuple(reduced), threshold, withheld)

    def lookalikes(
        self,
        alike: Sequence[Sequence[Candidate]],
        subjects: Mapping[str, Subject],
        curve: ThresholdCurve,
    ) -> list[Lookalikes]:
        """Tell of the subjects that each face is like, counting a number of each."""
        if not may_name_others():
            return [Lookalikes(unnamed=len(found)) for found in alike]
        counts = Counter(one.subject_id for found in alike for one in found)
        withheld = self._allowances.take(counts)
        return [
            Lookalikes(tuple(named(one, subjects, curve, withheld) for one in found))
            for found in alike
        ]

    def frames(
        self, subject_id: str, similarities: Sequence[float], curve: ThresholdCurve
    ) -> tuple[float | None, ...] | None:
        """The similarities of a track's frames to one subject, each None where it is not alike.

        None when they are more than may be given, beside the track's own.
        """
        numbers = sum(is_disclosed(similarity, curve) for similarity in similarities)
        if self._allowances.take({subject_id: numbers}).subjects:
            return None
        return tuple(disclosed(one, curve.fmr(one))[0] for one in similarities)


def may_name_others() -> bool:
    """Whether the asker may be told of subjects who are not the one that was found."""
    return current_asker().may("browse")


def _leader_alone(verdict: Identification, *, only_matches: bool) -> Identification:
    """The verdict with its match alone or, where asked, whoever was nearest."""
    nearest = None if only_matches else next(iter(verdict.candidates), None)
    leader = verdict.match or nearest
    return replace(verdict, candidates=() if leader is None else (leader,), margin=None)


def _matches(verdict: Identification, threshold: Threshold, *, and_leader: bool) -> Identification:
    """The verdict with nobody below the threshold, but for its first candidate where asked."""
    candidates = [
        one
        for place, one in enumerate(verdict.candidates)
        if one.similarity >= threshold.similarity or (and_leader and not place)
    ]
    return replace(verdict, candidates=tuple(candidates), margin=None)


def _numbers(
    verdict: Identification, shown: int, curve: ThresholdCurve, *, own: bool
) -> dict[str, int]:
    """Count the numbers of each subject that an answer with this verdict gives."""
    leader = verdict.match or next(iter(verdict.candidates), None)
    named = {c.subject_id: c for c in (*verdict.candidates[:shown], leader) if c is not None}
    return {
        subject: int(is_disclosed(one.similarity, curve) or (own and one is leader))
        for subject, one in named.items()
    }


def search_verdict(
    decided: Identification,
    subjects: Mapping[str, Subject],
    curve: ThresholdCurve,
    withheld: Withheld,
) -> SearchVerdict:
    """The verdict on one probe; its margin is one that may be disclosed already."""
    match = decided.match
    return SearchVerdict(
        decided.decision,
        None if match is None else named(match, subjects, curve, withheld),
        tuple(named(one, subjects, curve, withheld) for one in decided.candidates),
        decided.margin,
    )


def named(
    candidate: Candidate,
    subjects: Mapping[str, Subject],
    curve: ThresholdCurve,
    withheld: Withheld,
) -> NamedCandidate:
    """The candidate, without numbers when its subject's are withheld or it is not alike."""
    similarity = fmr = None
    exact = curve.fmr(candidate.similarity)
    if candidate.subject_id not in withheld.subjects:
        similarity, fmr = disclosed(candidate.similarity, exact)
    bound = None if fmr is None else bound_of(exact, curve)
    return NamedCandidate(subjects[candidate.subject_id], candidate.face_id, similarity, fmr, bound)
