"""False non-matches of tracks against single clean photographs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from models.pipelines.tracks.aggregation import quality_weights
from training.measure.impostors import ScoreHistogram
from training.measure.metrics import false_non_match_rate
from training.tracks.composing import Composer, Tracks

FMRS: Mapping[str, float] = {"1e-2": 1e-2, "1e-3": 1e-3}
Weigh = Callable[[Tracks], Tensor]
"""(B, T) weights, 0 behind each track's end."""
Make = Callable[[Tracks], Tensor]
"""(B, dimension) L2-normalised templates."""
_BATCH = 256


@dataclass(frozen=True, slots=True, eq=False)
class Enrolled:
    """One clean embedding for every photograph, which is what tracks are compared with."""

    embeddings: NDArray[np.float32]
    """(N, dimension)."""
    rows: NDArray[np.int64]
    """(N,) of the chip set."""
    people: NDArray[np.int64]
    """(N,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Tracks against photographs: of the same person, and histogrammed of all others."""

    genuine: NDArray[np.float64]
    """(G,) similarities."""
    people: NDArray[np.int64]
    """(G,) whose they are."""
    histogram: ScoreHistogram
    """Of different people."""
    thresholds: Mapping[str, float]
    """By false-match rate, counted from the comparisons of different people."""
    fnmr: Mapping[str, float]


def best_frame(tracks: Tracks) -> Tensor:
    """All weight on the frame of the highest quality score."""
    scores = tracks.qualities[..., 0].masked_fill(~_real(tracks), -1.0)
    return F.one_hot(scores.argmax(1), scores.shape[1]).float()


def plain_mean(tracks: Tracks) -> Tensor:
    """The same weight for every frame."""
    return _real(tracks).float() / tracks.lengths[:, None]


def by_quality(tracks: Tracks) -> Tensor:
    """Weights in proportion to the quality score, as the service takes them."""
    weights = torch.zeros(tracks.qualities.shape[:2])
    for i, length in enumerate(tracks.lengths.tolist()):
        weights[i, :length] = torch.from_numpy(
            quality_weights(tracks.qualities[i, :length].numpy())
        )
    return weights


SIMPLE: Mapping[str, Weigh] = {
    "best frame": best_frame,
    "mean": plain_mean,
    "quality-weighted mean": by_quality,
}


def by_network(network: nn.Module) -> Make:
    """The templates of an aggregator."""

    def make(tracks: Tracks) -> Tensor:
        with torch.inference_mode():
            made: Tensor = network(tracks.embeddings, tracks.qualities, tracks.lengths)[1]
        return made

    return make


def by_weights(weigh: Weigh) -> Make:
    """Weighted means."""
    return lambda tracks: F.normalize((weigh(tracks)[..., None] * tracks.embeddings).sum(1))


def film(composer: Composer, per_clip: int, seed: int) -> list[Tracks]:
    """Fixed tracks to measure on: so many of every photograph, in batches."""
    rows = np.repeat(composer.photographs, per_clip)
    rng = np.random.default_rng([seed, 11])
    return [composer.batch(rows[i : i + _BATCH].tolist(), rng) for i in range(0, len(rows), _BATCH)]


def enrolled_by(tracks: Sequence[Tracks], make: Make) -> Enrolled:
    """Tracks in the place of photographs: who is enrolled from a recording."""
    return Enrolled(
        np.concatenate([make(batch).numpy() for batch in tracks]),
        np.concatenate([batch.photographs[:, 0] for batch in tracks]),
        np.concatenate([batch.people for batch in tracks]),
    )


def compare(tracks: Sequence[Tracks], enrolled: Enrolled, make: Make) -> Comparisons:
    """Every track with every photograph that is not in it.

    Somebody whose frames strayed into a track is no stranger to it: with few people, matches
    with those would be what the low rates count.
    """
    made = np.concatenate([make(batch).numpy() for batch in tracks])
    people = np.concatenate([batch.people for batch in tracks])
    used = np.concatenate([batch.photographs for batch in tracks])
    scores = made @ enrolled.embeddings.T
    own = (enrolled.rows == used[:, :1]) | (enrolled.rows == used[:, 1:])
    same = people[:, None] == enrolled.people[None, :]
    intruders = np.concatenate([batch.intruders for batch in tracks])
    strange = ~same & (enrolled.people[None, :] != intruders[:, None])
    histogram = ScoreHistogram.of(scores[strange])
    genuine = scores[same & ~own].astype(np.float64)
    thresholds = {name: histogram.threshold(fmr) for name, fmr in FMRS.items()}
    return Comparisons(
        genuine,
        np.broadcast_to(people[:, None], same.shape)[same & ~own],
        histogram,
        thresholds,
        {name: false_non_match_rate(genuine, t) for name, t in thresholds.items()},
    )


def _real(tracks: Tracks) -> Tensor:
    return torch.arange(tracks.qualities.shape[1])[None, :] < tracks.lengths[:, None]
