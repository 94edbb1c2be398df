"""Comparisons of enrolled faces with all others: each left out of the gallery and looked for."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.curves.fusing import MOST_FACES
from models.pipelines.faces.templates import lengthened

Vectors = NDArray[np.float32]
"""(N, dim) float32, rows L2-normalised."""
Ids = NDArray[np.int64]

NOBODY = -2.0
"""Similarity where there is nobody to compare with."""
_PROBES = 4096
_FACES = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Enrolled faces of one encoder, ids ascending."""

    ids: Ids
    subjects: Ids
    """(N,) numbers of their subjects, places in `names`."""
    quality: NDArray[np.float32]
    """(N,) in [0, 1]."""
    names: tuple[str, ...]
    """Ids of the subjects."""

    def __len__(self) -> int:
        return len(self.ids)

    def sizes(self) -> Ids:
        """(subjects,) how many faces each has."""
        return np.bincount(self.subjects, minlength=len(self.names)).astype(np.int64)

    def without(self, barred: Collection[str]) -> "Faces":
        """Keep the faces of the other subjects alone."""
        stay = np.array([name not in barred for name in self.names], bool)
        kept = stay[self.subjects]
        return Faces(
            self.ids[kept],
            (np.cumsum(stay) - 1)[self.subjects[kept]],
            self.quality[kept],
            tuple(name for name in self.names if name not in barred),
        )

    def first_of_each(self) -> NDArray[np.bool_]:
        """(N,) faces that the templates of their subjects are made of."""
        order = np.argsort(self.subjects, kind="stable")
        starts = np.cumsum(self.sizes()) - self.sizes()
        first = np.empty(len(self), bool)
        first[order] = np.arange(len(self)) - starts[self.subjects[order]] < MOST_FACES
        return first

    def rows_of(self, ids: Ids) -> Ids:
        """Places of faces by id, those that it has alone."""
        places = np.minimum(np.searchsorted(self.ids, ids), max(len(self.ids) - 1, 0))
        return np.asarray(places, np.int64)


class Nearest:
    """The most similar other face of each probe's own subject, and the most similar stranger.

    `rows` are the places of the probes among `faces`, `vectors` their templates. Once every face
    is compared, `compare_templates` compares with subjects as a search does.
    """

    def __init__(self, faces: Faces, rows: Ids, vectors: Vectors) -> None:
        self.faces, self.rows, self._vectors = faces, rows, vectors
        count = len(rows)
        self.own = np.full(count, NOBODY, np.float32)
        """(P,) similarity to the most similar other face of the own subject."""
        self.other = np.full(count, NOBODY, np.float32)
        self.own_face = np.zeros(count, np.int64)
        """(P,) place of that face."""
        self.other_face = np.zeros(count, np.int64)
        self.own_subject = np.full(count, NOBODY, np.float32)
        """(P,) similarity to the own subject, without the probe."""
        self.other_subject = np.full(count, NOBODY, np.float32)
        """(P,) similarity to the most similar other subject."""
        self._first = faces.first_of_each()
        self._place = np.where(faces.sizes() > 1, np.cumsum(faces.sizes() > 1) - 1, -1)
        """(subjects,) places of those with several faces among the sums, -1 for the others."""
        several = int(self._place.max(initial=-1)) + 1
        self._sums = np.zeros((several, vectors.shape[1]), np.float32)
        self._summed = np.zeros((several, 1), np.float32)

    @property
    def subjects(self) -> Ids:
        """(P,) numbers of the probes' subjects."""
        return self.faces.subjects[self.rows]

    def compare(self, ids: Ids, vectors: Vectors) -> None:
        """Compare every probe with these faces of the gallery; those unknown are passed over."""
        if not len(self.faces) or not len(self.rows):
            return
        rows = self.faces.rows_of(ids)
        known = self.faces.ids[rows] == ids
        rows, vectors = rows[known], vectors[known]
        place = self._place[self.faces.subjects[rows]]
        summed = (place >= 0) & self._first[rows]
        np.add.at(self._sums, place[summed], vectors[summed])
        np.add.at(self._summed, place[summed], 1)
        for begin in range(0, len(self.rows), _PROBES):
            probes = slice(begin, begin + _PROBES)
            for start in range(0, len(rows), _FACES):
                block = slice(start, start + _FACES)
                self._compare(probes, rows[block], vectors[block])

    def compare_templates(self, power: float) -> None:
        """Compare every probe with the templates of subjects, the own one made without it.

        `power` is that of `lengthened`.
        """
        places = self._place[self.subjects]
        own = np.flatnonzero(places >= 0)
        counted = self._first[self.rows[own]][:, None]
        rest = self._sums[places[own]] - self._vectors[own] * counted
        templates = lengthened(_means(rest, self._summed[places[own]] - counted), power)
        self.own_subject[own] = np.einsum("pd,pd->p", self._vectors[own], templates)
        for begin in range(0, len(self.rows), _PROBES):
            probes = slice(begin, begin + _PROBES)
            for start in range(0, len(self._sums), _FACES):
                block = slice(start, start + _FACES)
                templates = lengthened(_means(self._sums[block], self._summed[block]), power)
                similarities = self._vectors[probes] @ templates.T
                numbers = np.arange(start, start + len(templates))
                similarities[places[probes][:, None] == numbers[None, :]] = NOBODY
                np.maximum(
                    self.other_subject[probes],
                    similarities.max(axis=1),
                    out=self.other_subject[probes],
                )

    def _compare(self, probes: slice, rows: Ids, vectors: Vectors) -> None:
        similarities = self._vectors[probes] @ vectors.T
        own = self.subjects[probes][:, None] == self.faces.subjects[rows][None, :]
        itself = self.rows[probes][:, None] == rows[None, :]
        strangers = np.where(own, np.float32(NOBODY), similarities)
        _keep_best(strangers, rows, self.other[probes], self.other_face[probes])
        single = self._place[self.faces.subjects[rows]] < 0
        best = strangers[:, single].max(axis=1, initial=NOBODY)
        np.maximum(self.other_subject[probes], best, out=self.other_subject[probes])
        similarities[~own | itself] = NOBODY
        _keep_best(similarities, rows, self.own[probes], self.own_face[probes])


def _means(sums: Vectors, counts: NDArray[np.float32]) -> Vectors:
    """(N, dim) means; of nothing, as where faces are gone since they were listed, zeros."""
    return np.asarray(sums / np.maximum(counts, 1), np.float32)


def _keep_best(similarities: Vectors, rows: Ids, best: NDArray[np.float32], face: Ids) -> None:
    """Put what is more alike than before into `best` and `face`, which are views."""
    nearest = similarities.argmax(axis=1)
    found = similarities[np.arange(len(similarities)), nearest]
    better = found > best
    best[better] = found[better]
    face[better] = rows[nearest[better]]


def chosen_probes(faces: Faces, comparisons: int) -> tuple[Ids, bool]:
    """Places of the faces to leave out, ascending, and whether they are a sample.

    As many as `comparisons` with all faces allow, at least one; whole subjects at random, the
    same ones of the same gallery.
    """
    most = max(1, comparisons // max(1, len(faces)))
    if len(faces) <= most:
        return np.arange(len(faces), dtype=np.int64), False
    order = np.random.default_rng(0).permutation(len(faces.names))
    first = np.cumsum(faces.sizes()[order]) <= most
    wanted = np.zeros(len(faces.names), bool)
    wanted[order[first]] = True
    rows = np.flatnonzero(wanted[faces.subjects])
    if not len(rows):
        rows = np.flatnonzero(faces.subjects == order[0])[:most]
    return rows.astype(np.int64), True
