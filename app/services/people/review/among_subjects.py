"""Suggestions about enrolled faces: subjects that are one, and faces that are not their subject."""

from collections import Counter
from collections.abc import Collection as Some
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.people.health import UNLIKE_FMR
from app.domain.people.leaving_out import NOBODY, Nearest
from app.domain.people.review import (
    LEAST,
    Suggestion,
    likelihood_of_one,
    likelihood_of_unlike,
)
from models.registry.curve import ThresholdCurve

_SHARE = 0.5
"""Of a subject's faces, as many have to be like the other subject for both to be one."""


class SubjectSuggestions:
    """Looks at faces that were compared with all others."""

    def __init__(
        self,
        nearest: Nearest,
        curve: ThresholdCurve,
        claim: float,
        search: float,
        unlike: float,
    ) -> None:
        """Similarities of a claim's threshold, of a search's, and below which a face is unlike."""
        self._nearest, self._curve = nearest, curve
        self._claim, self._search, self._unlike = claim, search, unlike
        self._subjects = len(nearest.faces.names)
        names, subjects = nearest.faces.names, nearest.faces.subjects
        self._owner = [names[int(number)] for number in nearest.subjects]
        self._rival = [
            names[int(subjects[face])] if alike > NOBODY else None
            for face, alike in zip(nearest.other_face.tolist(), nearest.other.tolist(), strict=True)
        ]

    def find(self, denied: Some[tuple[str, int]]) -> Sequence[Suggestion]:
        """Find what is suggested; `denied` are pairs of a subject and a face that is not its."""
        one = self._are_one(denied)
        pairs = {frozenset((each.subject_id, each.other_id)) for each in one}
        return [*one, *self._not_their_subject(denied, pairs)]

    def _are_one(self, denied: Some[tuple[str, int]]) -> list[Suggestion]:
        nearest = self._nearest
        faces = Counter(self._owner)
        alike: dict[tuple[str, str], list[float]] = {}
        for row in np.flatnonzero(nearest.other >= self._search).tolist():
            owner, rival = self._owner[row], self._rival[row]
            if rival is not None and (rival, self._id(row)) not in denied:
                alike.setdefault((owner, rival), []).append(float(nearest.other[row]))
        best: dict[frozenset[str], float] = {}
        for (owner, rival), similarities in alike.items():
            back = len(alike.get((rival, owner), []))
            if len(similarities) < _SHARE * faces[owner] or back < _SHARE * faces[rival]:
                continue
            likelihood = self._likelihood(float(np.median(similarities)))
            pair = frozenset((owner, rival))
            best[pair] = max(best.get(pair, 0.0), likelihood)
        found = []
        for pair, likelihood in best.items():
            first, second = sorted(pair)
            if likelihood >= LEAST:
                found.append(Suggestion("subjects-are-one", likelihood, None, first, second))
        return found

    def _not_their_subject(
        self, denied: Some[tuple[str, int]], pairs: Some[frozenset[str | None]]
    ) -> list[Suggestion]:
        nearest = self._nearest
        nearer = (nearest.other > nearest.own) & (nearest.other >= self._claim)
        nearer &= ~self._mirrored()
        unlike = nearest.own < self._unlike
        found = []
        for row in np.flatnonzero((nearest.own > NOBODY) & (nearer | unlike)).tolist():
            owner, face = self._owner[row], self._id(row)
            rival = self._rival[row] if nearer[row] else None
            if rival is not None and (
                (rival, face) in denied or frozenset((owner, rival)) in pairs
            ):
                continue
            rate = self._curve.fmr(float(nearest.own[row]))
            likelihood = likelihood_of_unlike(rate, UNLIKE_FMR)
            if rival is not None:
                likelihood = max(likelihood, self._likelihood(float(nearest.other[row])))
            if likelihood >= LEAST:
                found.append(Suggestion("face-not-subject", likelihood, None, owner, rival, face))
        return found

    def _mirrored(self) -> NDArray[np.bool_]:
        """Faces whose rival is less at home where it is than they are: that one is misplaced."""
        nearest = self._nearest
        place = np.minimum(
            np.searchsorted(nearest.rows, nearest.other_face), max(len(nearest.rows) - 1, 0)
        )
        if not len(place):
            return np.zeros(0, np.bool_)
        compared = nearest.rows[place] == nearest.other_face
        less = (nearest.own[place] > NOBODY) & (nearest.own[place] < nearest.own)
        return np.asarray(compared & less, np.bool_)

    def _likelihood(self, similarity: float) -> float:
        return likelihood_of_one(self._curve.fmr(similarity), self._subjects)

    def _id(self, row: int) -> int:
        return int(self._nearest.faces.ids[self._nearest.rows[row]])
