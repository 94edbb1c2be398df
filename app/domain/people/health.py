"""Health of a gallery: what its own faces say of how well people are found and told apart."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.deciding.identification import Threshold
from app.domain.people.findings import (
    Findings,
    Lookalike,
    NearDuplicate,
    SelfTest,
    SubjectTest,
    UnlikeFace,
    WeakSubject,
    decade,
    decades_down_to,
)
from app.domain.people.leaving_out import NOBODY, Faces, Ids, Nearest
from app.domain.people.shares import share
from models.registry.curve import ThresholdCurve

ENOUGH_FACES = 3
"""Faces that a subject should have: with fewer one bad picture decides."""
GOOD_QUALITY = 0.5
"""Quality that one face of a subject should have at least."""
UNLIKE_FMR = 1e-2
"""A face is unlike its subject where strangers are as alike more often than this."""
_NEAR = 5
"""Two pictures are nearly the same where the angle between their templates is this many times
smaller than that of a claim's threshold."""


def weak_subjects(
    faces: Faces, without_faces: Sequence[str], most: int
) -> tuple[Findings[WeakSubject], Findings[WeakSubject]]:
    """Subjects with too few faces, and those without a good one."""
    sizes = faces.sizes()
    best = np.zeros(len(faces.names), np.float32)
    np.maximum.at(best, faces.subjects, faces.quality)
    few, poor = np.flatnonzero(sizes < ENOUGH_FACES), np.flatnonzero(best < GOOD_QUALITY)
    few = few[np.argsort(sizes[few], kind="stable")]
    poor = poor[np.argsort(best[poor], kind="stable")]

    def named(numbers: Ids) -> list[WeakSubject]:
        return [
            WeakSubject(faces.names[n], int(sizes[n]), round(float(best[n]), 3))
            for n in numbers[:most].tolist()
        ]

    empty = [WeakSubject(subject, 0, None) for subject in without_faces[:most]]
    return (
        Findings(len(without_faces) + len(few), tuple([*empty, *named(few)][:most])),
        Findings(len(poor), tuple(named(poor))),
    )


class Judgement:
    """Findings about faces that were compared with all others."""

    def __init__(
        self,
        nearest: Nearest,
        curve: ThresholdCurve,
        claim: Threshold,
        search: Threshold,
        most: int,
    ) -> None:
        """`claim` is the threshold of one comparison, `search` that of the whole gallery."""
        self._nearest, self._curve, self._most = nearest, curve, most
        self._claim, self._search = claim.similarity, search.similarity
        self._ids = nearest.faces.ids[nearest.rows]
        self._has_own = nearest.own > NOBODY
        self._has_other = nearest.other > NOBODY

    def unlike(self) -> Findings[UnlikeFace]:
        """Faces that are no more like their subject than strangers are."""
        nearest, least = self._nearest, self._curve.similarity(UNLIKE_FMR)
        rows = np.flatnonzero(self._has_own & (nearest.own < least))
        rows = rows[np.argsort(nearest.own[rows], kind="stable")]
        return Findings(
            len(rows),
            tuple(
                UnlikeFace(int(self._ids[r]), self._name(r), self._rate(nearest.own[r]))
                for r in rows[: self._most].tolist()
            ),
        )

    def could_be_another(self) -> Findings[Lookalike]:
        """Faces that a search takes for another subject, or a claim once they are nearer to it."""
        nearest = self._nearest
        nearer = nearest.other > nearest.own
        alike = nearest.other >= self._search
        rows = np.flatnonzero(
            self._has_other & (alike | (self._has_own & nearer & (nearest.other >= self._claim)))
        )
        rows = rows[np.argsort(-nearest.other[rows], kind="stable")]
        return Findings(len(rows), tuple(self._lookalike(r) for r in rows[: self._most].tolist()))

    def near_duplicates(self) -> Findings[NearDuplicate]:
        """Pairs of one subject's faces that are nearly the same picture."""
        nearest, faces = self._nearest, self._nearest.faces
        least = math.cos(math.acos(min(1.0, max(-1.0, self._claim))) / _NEAR)
        pairs = {
            (min(a, b), max(a, b)): r
            for r in np.flatnonzero(nearest.own >= least).tolist()
            for a, b in [(int(self._ids[r]), int(faces.ids[nearest.own_face[r]]))]
        }
        found = sorted(pairs, key=lambda pair: (-float(nearest.own[pairs[pair]]), pair))
        return Findings(
            len(found),
            tuple(NearDuplicate(a, b, self._name(pairs[a, b])) for a, b in found[: self._most]),
        )

    def self_test(self) -> SelfTest:
        """The faces left out one after the other, and every subject left out as a whole.

        They are compared with subjects as a search compares, by all faces together.
        """
        nearest = self._nearest
        own, other, subjects = nearest.own_subject, nearest.other_subject, nearest.subjects
        named = other >= self._search
        right = (own >= self._search) & (own >= other)
        wrong = named & (other > own)
        has = self._has_own
        return SelfTest(
            found=share(right[has], subjects[has]),
            wrong=share(wrong[has], subjects[has]),
            strangers_named=share(named[self._has_other], subjects[self._has_other]),
            weakest_friend=self._extreme(own[has], weakest=True),
            best_stranger=self._extreme(other[self._has_other], weakest=False),
            subjects=self._by_subject(right, wrong),
            friends=self._by_decade(own[has]),
            strangers=self._by_decade(other[self._has_other]),
        )

    def _by_subject(
        self, right: NDArray[np.bool_], wrong: NDArray[np.bool_]
    ) -> Findings[SubjectTest]:
        nearest = self._nearest
        numbers, group = np.unique(nearest.subjects, return_inverse=True)
        weakest, strongest = np.full(len(numbers), 2.0), np.full(len(numbers), NOBODY)
        np.minimum.at(weakest, group[self._has_own], nearest.own_subject[self._has_own])
        np.maximum.at(strongest, group[self._has_other], nearest.other_subject[self._has_other])
        faces = np.bincount(group)
        found = np.bincount(group, weights=right & self._has_own)
        mistaken = np.bincount(group, weights=wrong & self._has_own)
        order = np.argsort(weakest - strongest, kind="stable")
        return Findings(
            len(numbers),
            tuple(
                SubjectTest(
                    nearest.faces.names[numbers[n]],
                    int(faces[n]),
                    int(found[n]),
                    int(mistaken[n]),
                    self._rate(weakest[n]) if weakest[n] <= 1.5 else None,
                    self._rate(strongest[n]) if strongest[n] > NOBODY else None,
                )
                for n in order[: self._most].tolist()
            ),
        )

    def _lookalike(self, row: int) -> Lookalike:
        nearest, faces = self._nearest, self._nearest.faces
        other = int(nearest.other_face[row])
        return Lookalike(
            int(self._ids[row]),
            self._name(row),
            int(faces.ids[other]),
            faces.names[faces.subjects[other]],
            self._rate(nearest.other[row]),
            bool(self._has_own[row] and nearest.other[row] > nearest.own[row]),
        )

    def _name(self, row: int) -> str:
        return self._nearest.faces.names[int(self._nearest.subjects[row])]

    def _rate(self, similarity: float) -> float:
        # What lies below is a guess of the curve's: no comparisons stand behind it.
        return decade(max(self._curve.fmr(float(similarity)), self._curve.supported))

    def _extreme(self, similarities: NDArray[np.float32], *, weakest: bool) -> float | None:
        if not len(similarities):
            return None
        return self._rate(similarities.min() if weakest else similarities.max())

    def _by_decade(self, similarities: NDArray[np.float32]) -> tuple[int, ...]:
        decades = decades_down_to(self._curve.supported)
        # Bounds of the decades as similarities, so that a million faces cost no curve each.
        bounds = np.array([self._curve.similarity(10.0**-n) for n in range(1, decades + 1)])
        places = np.searchsorted(np.maximum.accumulate(bounds), similarities, side="right")
        return tuple(np.bincount(places, minlength=decades + 1).tolist())
