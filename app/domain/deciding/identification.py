"""Thresholds for error rates, and identities for similarities."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.errors.requests import InvalidThresholdError
from models.registry.curve import ThresholdCurve

DEFAULT_FMR = 1e-3
"""False-match rate of 1:1 comparisons when the caller names none."""
DEFAULT_FPIR = 1e-2
"""False-positive identification rate of 1:N searches when the caller names none."""

Known = Literal["known", "unknown"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A similarity at or above which two faces count as one person, and its FMR if known."""

    similarity: float
    fmr: float | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject who may be the probe, with the face that resembles it most."""

    subject_id: str
    face_id: int
    similarity: float
    """To the subject; of one with several faces, see `fused_similarity`."""


@dataclass(frozen=True, slots=True)
class Identification:
    """The verdict on one probe: who it is or nobody, and who came close."""

    decision: Known
    match: Candidate | None
    """The subject the probe was decided to be; None when unknown."""
    candidates: tuple[Candidate, ...]
    """Ranked, best first, one entry per subject."""
    margin: float | None
    """Similarity of the match (or of the best candidate) minus that of the next subject."""


def verification_threshold(
    curve: ThresholdCurve | None,
    *,
    fmr: float | None = None,
    similarity: float | None = None,
    operating: float = DEFAULT_FMR,
) -> Threshold:
    """The 1:1 threshold for a false-match rate, or the one the caller insists on.

    `operating` is the rate when neither is named.

    A rate needs a curve; without one, the rate of a threshold is not known (None).
    Raises InvalidThresholdError for rates outside (0, 1), similarities outside [-1, 1], or both.
    """
    if similarity is not None:
        _refuse_both(fmr, "fmr")
        return _explicit(curve, similarity)
    if curve is None:
        raise ValueError("a rate needs a curve")
    rate = operating if fmr is None else _checked_rate(fmr, "fmr")
    return Threshold(curve.similarity(rate), rate)


def identification_threshold(
    curve: ThresholdCurve,
    subjects: int,
    *,
    fpir: float | None = None,
    similarity: float | None = None,
    operating: float = DEFAULT_FPIR,
) -> Threshold:
    """The 1:N threshold among `subjects` identities.

    Raises InvalidThresholdError as `verification_threshold` does.
    """
    if similarity is not None:
        _refuse_both(fpir, "fpir")
        return _explicit(curve, similarity)
    rate = operating if fpir is None else _checked_rate(fpir, "fpir")
    fmr = rate_of_one(rate, subjects)
    return Threshold(curve.similarity(fmr), fmr)


def rate_of_one(fpir: float, subjects: int) -> float:
    """The false-match rate of a single comparison for an identification rate among `subjects`.

    A probe of nobody is compared with N subjects, so the rate of at least one false match is
    1 - (1 - FMR)^N (ISO/IEC 19795-1); solved for FMR.
    """
    return -math.expm1(math.log1p(-fpir) / max(1, subjects))


def rate_among(fmr: float, subjects: int) -> float:
    """The identification rate among `subjects` for a rate of a single comparison, below 1."""
    return min(-math.expm1(math.log1p(-fmr) * max(1, subjects)), 1 - 1e-12)


def fuse_per_subject(
    similarities: Sequence[float], face_ids: Sequence[int], subject_of: Mapping[int, str]
) -> list[Candidate]:
    """One candidate per subject, with its most similar face alone, best first.

    `similarities` descend; faces missing from `subject_of` are skipped.
    """
    best: dict[str, Candidate] = {}
    for similarity, face_id in zip(similarities, face_ids, strict=True):
        subject_id = subject_of.get(face_id)
        if subject_id is not None and subject_id not in best:
            best[subject_id] = Candidate(subject_id, face_id, similarity)
    return list(best.values())


def identify(
    ranked: Sequence[Sequence[Candidate]],
    threshold: Threshold,
    *,
    unique: bool = True,
    meet: Callable[[int, int], bool] = lambda first, second: True,
) -> list[Identification]:
    """Decide every probe of one image; `ranked` holds each probe's candidates, best first.

    With `unique`, a subject goes to the probe that resembles it most, and the other probes take
    their next candidate above the threshold, or are unknown: nobody is twice in one picture.
    `meet` says of two probes, by number, whether one picture shows both.
    """
    pairs = sorted(
        (
            (candidate.similarity, probe, candidate)
            for probe, candidates in enumerate(ranked)
            for candidate in candidates
            if candidate.similarity >= threshold.similarity
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    matches: dict[int, Candidate] = {}
    taken: defaultdict[str, list[int]] = defaultdict(list)
    for _, probe, candidate in pairs:
        rivals = taken[candidate.subject_id] if unique else []
        if probe not in matches and not any(meet(probe, rival) for rival in rivals):
            matches[probe] = candidate
            taken[candidate.subject_id].append(probe)
    return [_verdict(matches.get(probe), ranked[probe]) for probe in range(len(ranked))]


def _verdict(match: Candidate | None, candidates: Sequence[Candidate]) -> Identification:
    leader = match or (candidates[0] if candidates else None)
    rivals = [c for c in candidates if leader is not None and c.subject_id != leader.subject_id]
    margin = leader.similarity - rivals[0].similarity if leader and rivals else None
    return Identification("known" if match else "unknown", match, tuple(candidates), margin)


def _explicit(curve: ThresholdCurve | None, similarity: float) -> Threshold:
    if not -1 <= similarity <= 1:
        raise InvalidThresholdError(
            f"similarity_threshold must lie in [-1, 1], not {similarity}.",
            hint="Most callers do better to name an error rate instead.",
        )
    return Threshold(similarity, None if curve is None else curve.fmr(similarity))


def _checked_rate(rate: float, name: str) -> float:
    if not 0 < rate < 1:
        raise InvalidThresholdError(f"{name} must lie between 0 and 1 (exclusive), not {rate}.")
    return rate


def _refuse_both(rate: float | None, name: str) -> None:
    if rate is not None:
        raise InvalidThresholdError(
            f"{name} and similarity_threshold exclude each other.", hint="Send one of them."
        )
