"""Train an aggregator of tracks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.nets.track_aggregator import TrackAggregator
from models.registry.curve import ThresholdCurve
from training.kit import checkpoints, guards
from training.kit.averages import MovingAverage, State, copy_of
from training.kit.optimisation import learning_rate, optimiser_of
from training.kit.progress import Log
from training.kit.run import Best
from training.tracks.composing import Composer, Tracks
from training.tracks.measuring import Enrolled, by_network, compare, film
from training.tracks.recipe import ObjectiveConfig, TracksConfig

_HARDEST = 20
"""Strangers of each track that the ranking counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What a run is made of."""

    config: TracksConfig
    composer: Composer
    enrolled: Enrolled
    """Of the people trained on."""
    validation: Composer
    validation_enrolled: Enrolled
    curve: ThresholdCurve
    """The encoder's."""
    directory: Path


class Learner:
    """A run; `train` takes it from where it is to its end."""

    def __init__(self, setting: Setting) -> None:
        self._s = setting
        torch.manual_seed(setting.config.seed)
        self.network = build(setting.config, setting.enrolled.embeddings.shape[1])
        decayed = [p for p in self.network.parameters() if p.ndim > 1]
        others = [p for p in self.network.parameters() if p.ndim <= 1]
        self._optimiser = optimiser_of(
            [{"params": decayed}, {"params": others, "weight_decay": 0.0}],
            setting.config.optimiser,
        )
        self._average = MovingAverage(self.network, setting.config.ema)
        self._bank = torch.from_numpy(setting.enrolled.embeddings)
        self._tracks = film(
            setting.validation, setting.config.validation.tracks, setting.config.seed
        )
        self._usual = setting.curve.similarity(setting.config.objective.fmr)
        self.best = Best()
        self.step = 0

    def resume(self) -> None:
        """Go on from the last checkpoint. Raises CheckpointError."""
        content = checkpoints.load(self._s.directory / "last.pt")
        if content["config"] != self._s.config.model_dump(mode="json"):
            raise checkpoints.CheckpointError(
                "The run to resume had another configuration.",
                hint="Give the same file, or another --out.",
            )
        self.network.load_state_dict(content["network"])
        self._optimiser.load_state_dict(content["optimiser"])
        self._average.state = content["average"]
        self.best = Best(**content["best"])
        self.step = content["step"]

    def train(self) -> dict[str, Any]:
        """To the end of the schedule, or until validation stops getting better; the figures.

        Raises TrainingFailedError and CheckpointError.
        """
        config = self._s.config
        steps = config.schedule.steps
        with Log(self._s.directory, self.step, steps, active=True) as log:
            if self.step == 0:
                self._validate(log)
            while self.step < steps and self.best.misses < config.validation.patience:
                began = time.perf_counter()
                figures = self._advance()
                log.step(self.step, figures, config.batch / (time.perf_counter() - began))
                self.step += 1
                if self.step % config.validation.every == 0 or self.step == steps:
                    self._validate(log)
        content = checkpoints.load(self._s.directory / "best.pt")
        checkpoints.save_weights(self._s.directory / "weights.safetensors", content["average"])
        return {"step": content["step"], "validation": content["figures"]}

    def _advance(self) -> dict[str, float]:
        """One step of the optimiser; a function of seed and step alone."""
        config = self._s.config
        rate = learning_rate(self.step, config.optimiser.learning_rate, config.schedule)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        rng = np.random.default_rng([config.seed, self.step])
        rows = rng.choice(self._s.composer.photographs, config.batch)
        batch = self._s.composer.batch(rows.tolist(), rng)
        loss, figures = self._loss(batch, rng)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = float(nn.utils.clip_grad_norm_(self.network.parameters(), config.optimiser.clip))
        guards.check_finite(float(loss.detach()), norm, self.step)
        self._optimiser.step()
        self._average.update(self.network, self.step)
        return {"loss": float(loss.detach()), "learning_rate": rate, **figures}

    def _loss(self, batch: Tracks, rng: np.random.Generator) -> tuple[Tensor, dict[str, float]]:
        enrolled, options = self._s.enrolled, self._s.config.objective
        _, made = self.network(batch.embeddings, batch.qualities, batch.lengths)
        partners = torch.from_numpy(_partners(batch, enrolled, rng))
        positive = (made * self._bank[partners]).sum(1)
        strangers = rng.choice(len(self._bank), min(options.strangers, len(self._bank)), False)
        scores = made @ self._bank[strangers].T
        same = torch.from_numpy(batch.people[:, None] == enrolled.people[strangers][None, :])
        return objective(positive, scores.masked_fill(same, -1.0), options, self._usual)

    def _validate(self, log: Log) -> None:
        with self._holding(self._average.state):
            found = compare(self._tracks, self._s.validation_enrolled, by_network(self.network))
        figures = dict(found.fnmr)
        score = float(np.mean(list(figures.values())))
        log.curves(self.step - 1, "validation", figures)
        shown = ", ".join(f"{rate:.4f} at {name}" for name, rate in figures.items())
        log.console.print(f"step {self.step}: FNMR {shown}")
        if score < self.best.score:
            self.best = Best(score, self.step)
            self._save("best.pt", figures)
        else:
            self.best.misses += 1
        self._save("last.pt", figures)

    @contextmanager
    def _holding(self, state: State) -> Iterator[None]:
        """Inside, the network has these weights."""
        own = copy_of(self.network.state_dict())
        self.network.load_state_dict(state)
        self.network.eval()
        try:
            yield
        finally:
            self.network.load_state_dict(own)
            self.network.train()

    def _save(self, name: str, figures: dict[str, float]) -> None:
        content = {
            "config": self._s.config.model_dump(mode="json"),
            "network": self.network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "average": self._average.state,
            "best": asdict(self.best),
            "figures": figures,
            "step": self.step,
        }
        checkpoints.save(self._s.directory / name, content)


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
