"""Train an aggregator of tracks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.nets.track_aggregator import TrackAggregator
from models.registry.curve import ThresholdCurve
from training.kit import checkpoints
from training.kit.averages import holding
from training.kit.optimisation import split_optimiser
from training.kit.progress import Log
from training.kit.run import Plan, Run
from training.kit.run_files import BEST, WEIGHTS
from training.tracks.composing import Composer, Tracks
from training.tracks.measuring import Enrolled, by_network, compare, film
from training.tracks.recipe import ObjectiveConfig, TracksConfig

_HARDEST = 20
"""Strangers of each track that the ranking counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Parts of a run."""

    config: TracksConfig
    composer: Composer
    enrolled: Enrolled
    """Of the people trained on."""
    validation: Composer
    validation_enrolled: Enrolled
    curve: ThresholdCurve
    """The encoder's."""
    directory: Path


class TracksTrainer:
    """A run; `train` takes it from where it is to its end."""

    def __init__(self, setting: Setting) -> None:
        self._s, config = setting, setting.config
        torch.manual_seed(config.seed)
        self.network = build(config, setting.enrolled.embeddings.shape[1])
        plan = Plan(
            config,
            setting.directory,
            config.optimiser,
            config.schedule,
            config.ema,
            config.validation.every,
            config.batch,
            unit="tracks",
            most_misses=config.validation.patience,
        )
        self.run = Run(plan, self.network, split_optimiser(self.network, config.optimiser))
        self._bank = torch.from_numpy(setting.enrolled.embeddings)
        self._tracks = film(setting.validation, config.validation.tracks, config.seed)
        self._usual = setting.curve.similarity(config.objective.fmr)
        self._figures: dict[str, float] = {}

    def resume(self) -> None:
        """Go on from the last checkpoint. Raises CheckpointError."""
        self._figures = self.run.resume()["figures"]

    def train(self) -> dict[str, Any]:
        """Train to the end of the schedule, or until validation stops getting better; the figures.

        Raises StoppedError, TrainingFailedError and CheckpointError.
        """
        self.run.train(self)
        content = checkpoints.load(self._s.directory / BEST)
        checkpoints.save_weights(self._s.directory / WEIGHTS, content["average"])
        return {"step": content["step"], "validation": content["figures"]}

    def prepare(self, log: Log) -> None:
        """Measure where the run starts."""
        if not self._figures:
            self.measure(log)
            self.run.save(self)

    def advance(self) -> dict[str, float]:
        """One step on composed tracks, a function of seed and step alone; its figures."""
        config = self._s.config
        rng = np.random.default_rng([config.seed, self.run.step])
        rows = rng.choice(self._s.composer.photographs, config.batch)
        loss, figures = self._loss(self._s.composer.batch(rows.tolist(), rng), rng)
        return {**self.run.learn(loss), **figures}

    def _loss(self, batch: Tracks, rng: np.random.Generator) -> tuple[Tensor, dict[str, float]]:
        enrolled, options = self._s.enrolled, self._s.config.objective
        _, made = self.network(batch.embeddings, batch.qualities, batch.lengths)
        partners = torch.from_numpy(_partners(batch, enrolled, rng))
        positive = (made * self._bank[partners]).sum(1)
        strangers = rng.choice(len(self._bank), min(options.strangers, len(self._bank)), False)
        scores = made @ self._bank[strangers].T
        same = torch.from_numpy(batch.people[:, None] == enrolled.people[strangers][None, :])
        return objective(positive, scores.masked_fill(same, -1.0), options, self._usual)

    def measure(self, log: Log) -> None:
        """Measure the averaged network on tracks of people it does not train on."""
        with holding(self.network, self.run.average.state):
            found = compare(self._tracks, self._s.validation_enrolled, by_network(self.network))
        self._figures = dict(found.fnmr)
        score = float(np.mean(list(self._figures.values())))
        log.curves(self.run.step - 1, "validation", self._figures)
        shown = ", ".join(f"{rate:.4f} at {name}" for name, rate in self._figures.items())
        log.console.print(f"step {self.run.step}: FNMR {shown}")
        self.run.judge(score, {"figures": self._figures})

    def content(self) -> dict[str, Any]:
        """State of aggregators alone, for a checkpoint."""
        return {"figures": self._figures}


def build(config: TracksConfig, dimension: int) -> TrackAggregator:
    """A fresh network."""
    model = config.model
    return TrackAggregator(
        dimension,
        reduced=model.reduced,
        hidden=model.hidden,
        cell=model.cell,
        bidirectional=model.bidirectional,
        restoring=model.restoring,
    )


def objective(
    positive: Tensor, negative: Tensor, options: ObjectiveConfig, usual: float
) -> tuple[Tensor, dict[str, float]]:
    """A smooth count of non-matches, and a ranking against the most alike strangers.

    `positive` (B,) are similarities to the same person, `negative` (B, N) to others; `usual`
    is the encoder's own threshold at the rate, to which `options.anchor` ties the one here. The
    threshold is the mean of the share `fmr` of highest negatives, which lies a little above
    the one that `fmr` of them exceed; its gradient pushes just those down.
    """
    count = max(1, round(options.fmr * negative.numel()))
    threshold = negative.flatten().topk(count).values.mean()
    missed = torch.sigmoid((threshold - positive) / options.softness)
    hardest = negative.topk(min(_HARDEST, negative.shape[1]), dim=1).values
    gaps = options.scale * (hardest - positive[:, None])
    ranking = torch.log1p(gaps.exp().sum(1)) / options.scale
    loss = missed.mean() + options.ranking * ranking.mean()
    loss = loss + options.anchor * (threshold - usual) ** 2
    figures = {
        "missed": float(missed.detach().mean()),
        "threshold": float(threshold.detach()),
        "positive": float(positive.detach().mean()),
    }
    return loss, figures


def _partners(batch: Tracks, enrolled: Enrolled, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """(B,) for each track a row of `enrolled`: its person on a photograph not in the track."""
    chosen = np.zeros(len(batch.people), dtype=np.int64)
    for i, person in enumerate(batch.people):
        own = np.flatnonzero(enrolled.people == person)
        free = own[~np.isin(enrolled.rows[own], batch.photographs[i])]
        chosen[i] = rng.choice(free if len(free) else own)
    return chosen
