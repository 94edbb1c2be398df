"""Aggregators side by side: error rates, intervals, and how far they undercut the simple ways."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.registry.curve import ThresholdCurve
from training.tracks.composing import Tracks
from training.tracks.measuring import (
    FMRS,
    SIMPLE,
    Comparisons,
    Enrolled,
    Make,
    by_weights,
    compare,
    enrolled_by,
)

_REPLICATES = 1000
_SEED = 0


def tracks_report(
    tracks: Sequence[Tracks],
    enrolled: Enrolled,
    learned: Mapping[str, Make],
    curve: ThresholdCurve,
    enrolment: Sequence[Tracks] = (),
) -> dict[str, Any]:
    """Figures of each way to make a template, on the same tracks.

    With tracks for an `enrolment`, `enrolled_by_track` is FNMR against templates of those.
    `fnmr` at thresholds counted from all comparisons of different people; `nominal_fmr` is
    what the encoder's own threshold for a rate really gives; `reduction` is relative to the
    best of the simple ways at that rate. Intervals are 95 % percentiles over people.
    """
    ways = {name: by_weights(weigh) for name, weigh in SIMPLE.items()} | dict(learned)
    found = {name: compare(tracks, enrolled, make) for name, make in ways.items()}
    best = {rate: min(SIMPLE, key=lambda name: found[name].fnmr[rate]) for rate in FMRS}
    first = next(iter(found.values()))
    draws = _draws(first.people)
    figures = {name: _figures(one, curve, draws) for name, one in found.items()}
    for name in ways if enrolment else ():
        again = compare(tracks, enrolled_by(enrolment, ways[name]), ways[name])
        figures[name]["enrolled_by_track"] = dict(again.fnmr)
    for name in learned:
        figures[name] |= _reductions(found[name], {r: found[best[r]] for r in FMRS}, draws)
    return {
        "tracks": int(sum(len(batch.people) for batch in tracks)),
        "people": len(np.unique(first.people)),
        "genuine": len(first.genuine),
        "impostors": first.histogram.total,
        "best_simple": best,
        "ways": figures,
    }


def _figures(one: Comparisons, curve: ThresholdCurve, draws: NDArray[np.float64]) -> dict[str, Any]:
    return {
        "fnmr": dict(one.fnmr),
        "fnmr_95": {rate: _interval(_rates(one, rate, draws)) for rate in FMRS},
        "thresholds": dict(one.thresholds),
        "nominal_fmr": {
            rate: one.histogram.fmr(_edge(curve.similarity(fmr))) for rate, fmr in FMRS.items()
        },
    }


def _reductions(
    one: Comparisons, simple: Mapping[str, Comparisons], draws: NDArray[np.float64]
) -> dict[str, Any]:
    """Shares by which it undercuts the best simple way at each rate, and the intervals of that."""
    return {
        "reduction": {rate: 1 - one.fnmr[rate] / simple[rate].fnmr[rate] for rate in FMRS},
        "reduction_95": {
            rate: _interval(1 - _rates(one, rate, draws) / _rates(simple[rate], rate, draws))
            for rate in FMRS
        },
    }


def _draws(people: NDArray[np.int64]) -> NDArray[np.float64]:
    """(replicates, G) how often each comparison counts when people are drawn anew."""
    person = np.unique(people, return_inverse=True)[1]
    count = int(person.max()) + 1
    rng = np.random.default_rng(_SEED)
    drawn = [
        np.bincount(rng.integers(count, size=count), minlength=count) for _ in range(_REPLICATES)
    ]
    return np.stack(drawn)[:, person].astype(np.float64)


def _rates(one: Comparisons, rate: str, draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """(replicates,) false non-match rates at the threshold, which is held."""
    missed = (one.genuine < one.thresholds[rate]).astype(np.float64)
    return np.asarray(draws @ missed / draws.sum(axis=1))


def _interval(values: NDArray[np.float64]) -> list[float]:
    return [float(value) for value in np.percentile(values, [2.5, 97.5])]


def _edge(similarity: float) -> float:
    """The histogram's bins are 1e-5 wide."""
    return round(similarity, 5)
