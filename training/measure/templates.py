"""Lengthening of templates of several faces, so that strangers are named as promised."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.pipelines.faces.templates import lengthened
from models.registry.curve import ThresholdCurve

POWERS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)
FPIR = 0.01
"""Rate at which strangers may be named."""
COUNTS = (1, 2, 3, 5)
"""Faces of a subject."""
_DRAWS = 10
_BY_CHANCE = 1.25
"""A rate that is not larger by more cannot be told from what was promised."""
_PEOPLE, _STRANGERS = 30, 100
"""Fewer enrolled people, or faces of others, say nothing."""
_MOST_PEOPLE, _MOST_STRANGERS = 1_000, 5_000
"""More are drawn from: they would say little more."""
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class StrangersNamed:
    """Shares of strangers who get a name where every subject has so many faces."""

    faces: int
    people: int
    """Subjects enrolled."""
    strangers: int
    """Faces looked for, of other people."""
    shares: tuple[float, ...]
    """By power, in the order of `POWERS`; means of ten draws."""


def strangers_named(
    embeddings: Vectors, people: Sequence[str], curve: ThresholdCurve
) -> list[StrangersNamed]:
    """Shares at the curve's threshold for `FPIR`, with one face a subject and with several.

    `embeddings` is (N, dimension), L2-normalised, of `people` (N,). At most half of the people, and
    1,000, are enrolled, drawn among those with enough faces; at most 5,000 faces of the others are
    looked for. Numbers of faces that too few have are left out.
    """
    rows_of: dict[str, list[int]] = {}
    for row, name in enumerate(people):
        rows_of.setdefault(name, []).append(row)
    found = (_named(embeddings, rows_of, curve, count) for count in COUNTS)
    return [one for one in found if one is not None]


def power_for(named: Sequence[StrangersNamed]) -> float | None:
    """The largest power at which several faces name as few strangers as promised.

    No more, in the mean, than one face does where that is more; None where nobody has several.
    """
    several = [one.shares for one in named if one.faces > 1]
    if not several:
        return None
    single = max((one.shares[0] for one in named if one.faces == 1), default=FPIR)
    allowed = _BY_CHANCE * max(FPIR, single)
    means = np.mean(several, axis=0).tolist()
    return next((p for p, mean in zip(POWERS, means, strict=True) if mean <= allowed), POWERS[-1])


def _named(
    embeddings: Vectors, rows_of: dict[str, list[int]], curve: ThresholdCurve, count: int
) -> StrangersNamed | None:
    able = [name for name, rows in rows_of.items() if len(rows) >= count]
    enrolled = min(len(able), len(rows_of) // 2, _MOST_PEOPLE)
    if enrolled < _PEOPLE:
        return None
    threshold = curve.similarity(1 - (1 - FPIR) ** (1 / enrolled))
    shares, strangers = [], 0
    for draw in range(_DRAWS):
        rng = np.random.default_rng(draw)
        chosen = rng.choice(able, enrolled, replace=False).tolist()
        faces = np.array([rng.choice(rows_of[name], count, replace=False) for name in chosen])
        left = rows_of.keys() - set(chosen)
        others = np.array(sorted(row for name in left for row in rows_of[name]))
        if len(others) < _STRANGERS:
            return None
        if len(others) > _MOST_STRANGERS:
            others = rng.choice(others, _MOST_STRANGERS, replace=False)
        strangers = len(others)
        means = embeddings[faces].mean(axis=1)
        highest = [(embeddings[others] @ lengthened(means, p).T).max(axis=1) for p in POWERS]
        shares.append([float(np.mean(level >= threshold)) for level in highest])
    mean = tuple(np.mean(shares, axis=0).tolist())
    return StrangersNamed(count, enrolled, strangers, mean)
