"""Candidates with the names of subjects, and with numbers as they may be disclosed."""

from collections.abc import Mapping

from app.domain.deciding.disclosure import disclosed
from app.domain.deciding.identification import Candidate, Identification
from app.domain.deciding.verdicts import NamedCandidate, SearchVerdict
from app.domain.gallery import Subject
from app.services.deciding.allowances import Withheld
from models.registry.curve import ThresholdCurve


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
    if candidate.subject_id not in withheld.subjects:
        similarity, fmr = disclosed(candidate.similarity, curve.fmr(candidate.similarity))
    return NamedCandidate(subjects[candidate.subject_id], candidate.face_id, similarity, fmr)
