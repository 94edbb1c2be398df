"""Calibration of a gallery: its encoder's threshold curve, refined by its own people.

Every face is compared with every other subject's template, as searches compare. Down to a
similarity that about as many comparisons reach as there are faces, rates are counted and shrunk
towards the encoder's curve as if `_PRIOR_EVENTS` comparisons had agreed with it. Beyond, the rate
falls as a power of the encoder's rate; the power is fitted to the comparisons beyond, shrunk
towards 1, and the rate told is the mean over the powers that they leave possible.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from app.domain.curves.fusing import template_of
from app.platform.progress import Report
from models.registry.curve import ThresholdCurve

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]

FEWEST_SUBJECTS = 10
"""Subjects with faces that a calibration takes."""
GROWN = 1.5
"""A calibration is stale once the gallery has this many times as many subjects, or as few."""
BINS = 20_000
"""Of similarities from -1 to 1."""
_WIDTH = 2.0 / BINS
_GROUPS = 20
"""Groups of subjects by whose differences the dependence of comparisons is estimated."""
_PRIOR_EVENTS = 1.0
_PRIOR_POWER = 20.0
"""Comparisons beyond the counted ones that the power 1 is worth: its deviation is 0.22."""
_FEWEST_BEYOND, _MOST_BEYOND = 200, 0.05
"""Comparisons that the tail is fitted to at least, and the share of all at most."""
_SEEN_TWICE = 2.0
"""Two subjects are compared from both sides."""
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class CalibratedPoint:
    """Rates of one similarity."""

    similarity: float
    general: float
    """By the encoder's curve."""
    fmr: float
    """By the gallery's own."""
    low: float
    high: float
    """Of the gallery's own, with a confidence of 95 %."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A gallery's own curve, and what it was made of."""

    id: str
    encoder: str
    made_at: datetime
    subjects: int
    """Subjects with faces that the gallery had."""
    compared_subjects: int
    """Of them, those that were compared: fewer in large galleries, drawn at random."""
    comparisons: int
    """Of faces with other subjects."""
    dependence: float
    """How many comparisons say as much as one independent one."""
    tail_from: float
    """The similarity beyond which rates are fitted."""
    power: float
    """Of the encoder's rate, beyond `tail_from`."""
    points: tuple[CalibratedPoint, ...]

    @property
    def curve(self) -> ThresholdCurve:
        """The gallery's own curve, for faces, as its own comparisons support it."""
        points = [(one.similarity, one.fmr) for one in self.points]
        return ThresholdCurve.of(points, self.comparisons / self.dependence)

    def curve_beside(self, faces: ThresholdCurve) -> ThresholdCurve:
        """The gallery's own curve, supported by the comparisons of the encoder's, too."""
        own = self.curve
        general = own.fmr(faces.similarity(faces.supported))
        return replace(own, least=min(own.supported, general))

    def curve_of_others(self, others: ThresholdCurve, faces: ThresholdCurve) -> ThresholdCurve:
        """The gallery's own curve for probes that are compared otherwise than faces.

        `others` is their general curve, `faces` that of faces: the gallery changes a rate of
        both alike.
        """
        own = self.curve_beside(faces)
        points: list[tuple[float, float]] = []
        for similarity, fmr in zip(others.similarities, others.fmrs, strict=True):
            rate = own.fmr(faces.similarity(fmr))
            if not points or rate < points[-1][1]:
                points.append((similarity, rate))
        if len(points) < 2:
            return others
        general = own.fmr(faces.similarity(others.supported))
        return replace(ThresholdCurve.of(points), least=general)

    def is_stale(self, subjects: int) -> bool:
        """Whether the gallery has grown or shrunk too much since."""
        return not self.subjects / GROWN < subjects < self.subjects * GROWN


@dataclass(frozen=True, slots=True, eq=False)
class Impostors:
    """Similarities of faces to every other subject, counted."""

    counts: NDArray[np.int64]
    """(groups, BINS), by the group of the face's subject."""

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    def beyond(self) -> NDArray[np.int64]:
        """(groups, BINS + 1): comparisons of at least the lower edge of each bin."""
        reversed_sums = np.cumsum(self.counts[:, ::-1], axis=1)[:, ::-1]
        return np.pad(reversed_sums, ((0, 0), (0, 1)))


def impostors(
    vectors: Vectors, subjects: Ids, power: float, report: Report = lambda done, total: None
) -> Impostors:
    """Compare every face with every other subject, as `fused_similarity` does.

    `vectors` is (N, dim), rows L2-normalised; `power` that of `lengthened`. Memory stays at blocks
    of 1024 rows.
    """
    order = np.argsort(subjects, kind="stable")
    vectors, subjects = vectors[order], subjects[order]
    names, starts = np.unique(subjects, return_index=True)
    number = np.searchsorted(names, subjects)
    templates = np.stack([template_of(own, power) for own in np.split(vectors, starts[1:])])
    group = np.random.default_rng(0).permutation(len(names)) % _GROUPS
    counts = np.zeros((min(_GROUPS, len(names)), BINS), np.int64)
    for begin in range(0, len(vectors), _BLOCK):
        rows = slice(begin, begin + _BLOCK)
        similarities = vectors[rows] @ templates.T
        similarities[np.arange(len(similarities)), number[rows]] = np.nan
        groups = np.broadcast_to(group[number[rows]][:, None], similarities.shape)
        other = ~np.isnan(similarities)
        bins = ((similarities[other].astype(np.float64) + 1) / _WIDTH).astype(np.int64)
        places = groups[other] * BINS + np.clip(bins, 0, BINS - 1)
        counts += np.bincount(places, minlength=counts.size).reshape(counts.shape)
        report(min(begin + _BLOCK, len(vectors)), len(vectors))
    return Impostors(counts)


@dataclass(frozen=True, slots=True)
class FittedCurve:
    """Rates that impostors and a general curve say together."""

    points: tuple[CalibratedPoint, ...]
    dependence: float
    tail_from: float
    power: float


def refined(general: ThresholdCurve, found: Impostors, faces: int) -> FittedCurve:
    """The general curve, refined by the comparisons of so many faces."""
    tail = _Tail(general, found, faces)
    similarities = sorted({*general.similarities, tail.start})
    points = tuple(tail.point(similarity) for similarity in similarities)
    return FittedCurve(points, tail.dependence, tail.start, tail.power)


class _Tail:
    """Rates by similarity: counted up to `start`, fitted beyond."""

    def __init__(self, general: ThresholdCurve, found: Impostors, faces: int) -> None:
        self._general, self._total = general, found.total
        by_group = found.beyond()
        self._beyond = by_group.sum(axis=0)
        wanted = min(max(faces, _FEWEST_BEYOND), _MOST_BEYOND * self._total)
        # The general curve is flat below its first point: nothing can be a power of it there.
        first = _edge_above(general.similarities[0])
        start = max(first, int(np.argmax(self._beyond <= wanted)))
        self.start = round(-1 + start * _WIDTH, 6)
        self.dependence = _SEEN_TWICE * _dispersion(by_group[:, start])
        counts = found.counts.sum(axis=0)[start:]
        edges = -1 + (np.arange(start, BINS) + 0.5) * _WIDTH
        filled = np.flatnonzero(counts)
        excess = np.array([self._excess(float(edges[n])) for n in filled])
        events = float(counts.sum()) / self.dependence
        self._shape = _PRIOR_POWER + events
        self._scale = _PRIOR_POWER + float((excess * counts[filled]).sum()) / self.dependence
        self.power = self._shape / self._scale
        self._events_at_start = events + _PRIOR_EVENTS

    def point(self, similarity: float) -> CalibratedPoint:
        """The rate at a similarity, with its interval."""
        if similarity <= self.start:
            fmr, events = self._counted(similarity)
            deviation = 1 / math.sqrt(events)
        else:
            excess = self._excess(similarity)
            counted, _ = self._counted(self.start)
            fmr = counted * (1 + excess / self._scale) ** -self._shape
            variance = 1 / self._events_at_start + excess**2 * self._shape / self._scale**2
            deviation = math.sqrt(variance)
        wide = math.exp(1.96 * deviation)
        general = self._general.fmr(similarity)
        return CalibratedPoint(similarity, general, fmr, fmr / wide, min(1.0, fmr * wide))

    def _counted(self, similarity: float) -> tuple[float, float]:
        """The rate, and how many independent comparisons stand behind it."""
        reached = float(self._beyond[_edge_above(similarity)]) / self.dependence
        events = reached + _PRIOR_EVENTS
        trials = self._total / self.dependence + _PRIOR_EVENTS / self._general.fmr(similarity)
        return events / trials, events

    def _excess(self, similarity: float) -> float:
        """Logarithm of the times by which the similarity is rarer than that of `start`."""
        return max(0.0, math.log(self._general.fmr(self.start) / self._general.fmr(similarity)))


def _edge_above(similarity: float) -> int:
    """The first bin whose lower edge is not below the similarity."""
    return min(BINS, max(0, math.ceil((similarity + 1) / _WIDTH - 1e-6)))


def _dispersion(events: NDArray[np.int64]) -> float:
    """Factor by which groups differ more than independent events would, 1 at least."""
    mean = float(events.mean())
    if len(events) < 2 or not mean:
        return 1.0
    return max(1.0, float(events.var(ddof=1)) / mean)
