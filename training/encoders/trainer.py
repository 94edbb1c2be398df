"""Training of an encoder: the losses of its steps, its measurements, its end."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

from models.registry.registry import Registry
from training.augment.augmenter import Augmenter
from training.augment.config import AugmentConfig
from training.encoders.batches import Batch, Loader
from training.encoders.material import Setting, Sources, prepare
from training.encoders.mining.bank import EmbeddingBank
from training.encoders.mining.choice import choose_sampler
from training.encoders.mining.stream import TripletStream
from training.encoders.networks import frozen
from training.encoders.networks.embedding import embed_chips, precision, to_input
from training.encoders.networks.optimisation import optimiser
from training.encoders.objectives.build import build, needs_bank
from training.encoders.objectives.context import Embedded
from training.encoders.recipe import TrainConfig
from training.encoders.usage import Usage
from training.encoders.validation import Figures, describe
from training.kit import checkpoints, guards
from training.kit.averages import State, blended, copy_of, holding
from training.kit.distributed import World
from training.kit.progress import Log
from training.kit.run import Plan, Run, require_no_run
from training.kit.run_files import BEST, FIGURES, HELD_OUT, START, WEIGHTS, write_json


class EncoderTrainer:
    """One run. `train` takes it from where it is to its end."""

    def __init__(self, setting: Setting) -> None:
        self._s, config = setting, setting.config
        self._pictures = setting.data.digest()
        self._device = next(setting.network.parameters()).device
        self._objectives = nn.ModuleList(
            build(objective, setting.data.people, setting.dimension)
            for objective in config.objectives
        ).to(self._device)
        steps = optimiser(
            setting.network, setting.backbone, self._objectives.parameters(), config.optimiser
        )
        trained = [p for group in steps.param_groups for p in group["params"]]
        self.run = Run(_plan(setting), setting.network, steps, trained)
        self._start = copy_of(setting.network.state_dict())
        self._head_inputs: Tensor | None = None
        network, backbone = setting.network, setting.backbone
        once = config.augment == AugmentConfig() and frozen.is_head_only(network, backbone)
        if once:  # is enough: what is frozen sees the same pictures again and again
            clean = setting.data.source.chips[setting.data.rows]
            self._head_inputs = frozen.head_inputs(network, backbone, clean, config.precision)
        self._embed = frozen.Embedder(
            network, backbone, setting.validation.chips, config.precision, head_only=once
        )
        self._start_figures: Figures = {}
        self._bank: EmbeddingBank | None = None
        self._sampler = choose_sampler(config, setting.data.labels)
        self._alarm = guards.CollapseAlarm()
        self._batches: Iterator[Batch] = iter(())
        self._learner = setting.network

    def resume(self) -> None:
        """Go on from the last checkpoint. Raises CheckpointError."""
        content = self.run.resume()
        # Batches, the bank and what was mined are rows of the training set.
        if content.get("pictures", self._pictures) != self._pictures:
            raise checkpoints.CheckpointError(
                "The run to resume learnt from other pictures, or from these in another order.",
                hint="Give the same --data in the same order, or another --out.",
            )
        self._objectives.load_state_dict(content["objectives"])
        if self._is_mixed:
            self._start = checkpoints.load(self._s.directory / START)["weights"]
        self._start_figures = content["start_figures"]
        if isinstance(self._sampler, TripletStream):
            self._sampler.load_state_dict(content["stream"])
        if content["bank"] is not None:
            self._bank = EmbeddingBank(content["bank"].numpy(), self._s.data.labels)

    def train(self) -> None:
        """Steps until the schedule ends or validation stops getting better.

        Raises StoppedError, TrainingFailedError and CheckpointError.
        """
        config, setting = self._s.config, self._s
        frozen.train_mode(setting.network)
        if self._head_inputs is not None:
            self._learner = frozen.head_of(setting.network, setting.backbone)
        if setting.world.size > 1:
            self._learner = DistributedDataParallel(self._learner)
        loader = Loader(
            setting.data,
            self._sampler,
            Augmenter.from_config(config.augment),
            config.seed,
            setting.world.part(config.batches.size),
        )
        left = range(self.run.step, config.schedule.steps)
        with closing(loader.batches(left, config.data.workers)) as self._batches:
            self.run.train(self)

    def prepare(self, log: Log) -> None:
        """Measure where the run starts, and leave something that it can be resumed from."""
        if self._start_figures:
            return
        self._start_figures = self._measured(self._start)
        log.curves(-1, "validation", self._start_figures)
        if self._is_mixed and self._s.world.is_first:
            checkpoints.save(self._s.directory / START, {"weights": self._start})
        self.run.save(self)

    def advance(self) -> dict[str, float]:
        """One step on the next batch; its figures."""
        began = time.perf_counter()
        batch = next(self._batches)
        waited = time.perf_counter() - began
        figures = self._learn(batch)
        return {**figures, "waiting": waited / (time.perf_counter() - began)}

    def _learn(self, batch: Batch) -> dict[str, float]:
        config, world = self._s.config, self._s.world
        # Dropout then is the same after a resumption.
        torch.manual_seed((config.seed * 1_000_003 + self.run.step) * world.size + world.rank)
        self._refresh_bank()
        if self._head_inputs is None:
            x = to_input(batch.chips.to(self._device), self._s.backbone)
        else:
            x = self._head_inputs[batch.rows].to(self._device)
        with precision(config.precision, self._device):
            raw = self._learner(x)
        embeddings = world.gathered(F.normalize(raw.float()))
        loss, figures = self._loss(self._embedded(embeddings, batch))
        learnt = self.run.learn(loss)
        spread = guards.spread(embeddings)
        self._alarm.watch(spread, self.run.step)
        return {**learnt, "spread": spread, **figures}

    def _embedded(self, embeddings: Tensor, batch: Batch) -> Embedded:
        rows = self._s.world.gathered(batch.rows)
        return Embedded(
            embeddings,
            rows,
            self._s.world.gathered(batch.labels).to(self._device),
            np.random.default_rng([self._s.config.seed, 4, self.run.step]),
            None if self._s.teacher is None else self._s.teacher[rows].to(self._device),
            self._bank,
        )

    def _loss(self, batch: Embedded) -> tuple[Tensor, dict[str, float]]:
        # Miners draw by chance, and every process has to draw the same.
        torch.manual_seed(self._s.config.seed * 1_000_003 + self.run.step)
        total = batch.embeddings.new_zeros(())
        figures: dict[str, float] = {}
        for config, objective in zip(self._s.config.objectives, self._objectives, strict=True):
            value = objective(batch)
            total = total + config.weight * value.loss
            figures[f"{config.kind}/loss"] = float(value.loss.detach())
            figures |= {f"{config.kind}/{name}": v for name, v in value.figures.items()}
            if value.satisfied is not None and isinstance(self._sampler, TripletStream):
                self._sampler.settle(batch.rows.numpy(), value.satisfied.cpu().numpy())
                figures["triplets_waiting"] = float(self._sampler.waiting)
        return total, figures

    def _refresh_bank(self) -> None:
        """Embeddings of the clean chips by the averaged network, now and then."""
        config = self._s.config
        if not needs_bank(config.objectives):
            return
        if self._bank is None and self._s.teacher is not None:
            self._bank = EmbeddingBank(self._s.teacher.numpy(), self._s.data.labels)
        elif self._bank is None or self.run.step % config.bank.refresh == 0:
            embeddings = self._encoded_clean()
            self._bank = EmbeddingBank(embeddings, self._s.data.labels)

    def _encoded_clean(self) -> NDArray[np.float32]:
        data = self._s.data
        with holding(self._s.network, self.run.average.state):
            return embed_chips(
                self._s.network,
                data.source.chips[data.rows],
                self._s.backbone,
                mixed=self._s.config.precision,
            )

    def _measured(self, state: State) -> Figures:
        with holding(self._s.network, state):
            return self._s.validation.measure(self._embed)

    @property
    def _is_mixed(self) -> bool:
        """Whether new weights may be mixed with those at the start."""
        return min(self._s.config.average.with_start) < 1

    def measure(self, log: Log) -> None:
        """Measure the averaged network on people it does not train on."""
        share = self._s.config.average.with_start[0]
        figures = self._measured(blended(self._start, self.run.average.state, share))
        score = self._s.validation.score(figures, self._start_figures)
        log.curves(self.run.step - 1, "validation", {**figures, "score": score})
        log.console.print(f"step {self.run.step}: {describe(score, figures)}")
        self.run.judge(score, {"start_figures": self._start_figures})

    def content(self) -> dict[str, Any]:
        """State of encoders alone, for a checkpoint."""
        stream = self._sampler.state_dict() if isinstance(self._sampler, TripletStream) else None
        return {
            "start_figures": self._start_figures,
            "objectives": self._objectives.state_dict(),
            "stream": stream,
            "bank": None if self._bank is None else self._bank.embeddings,
            "pictures": self._pictures,
        }

    def finish(self) -> dict[str, Any]:
        """Choose the share of new weights, write `weights.safetensors`; the figures."""
        self._s.world.wait()  # the first process may still be writing
        content = checkpoints.load(self._s.directory / BEST)
        tried = {}
        for share in self._s.config.average.with_start:
            figures = self._measured(blended(self._start, content["average"], share))
            score = self._s.validation.score(figures, content["start_figures"])
            tried[share] = (score, figures)
        share = min(tried, key=lambda s: tried[s][0])
        state = blended(self._start, content["average"], share)
        if self._s.world.is_first:
            checkpoints.save_weights(self._s.directory / WEIGHTS, state)
        return {
            "step": content["step"],
            "share_of_new_weights": share,
            "score": tried[share][0],
            "scores": {str(s): score for s, (score, _) in tried.items()},
            "validation": tried[share][1],
            "validation_start": content["start_figures"],
        }


def _plan(setting: Setting) -> Plan:
    config = setting.config
    return Plan(
        config,
        setting.directory,
        config.optimiser,
        config.schedule,
        config.average.ema,
        config.validation.every,
        config.batches.size,
        most_misses=config.validation.patience,
        world=setting.world,
    )


def train(
    config: TrainConfig,
    sources: Sources,
    registry: Registry,
    directory: Path,
    *,
    resume: bool = False,
    device: str = "cpu",
    world: World | None = None,
) -> dict[str, Any]:
    """Everything `python -m training train` does; the figures, also in `directory`.

    Raises ReportedError of many kinds before the first step, TrainingFailedError and
    CheckpointError after it; StoppedError when Ctrl-C ended it.
    """
    world = world or World()
    if not resume:
        require_no_run(directory)
    setting = prepare(config, sources, registry, directory, device, world)
    trainer = EncoderTrainer(setting)
    if resume:
        trainer.resume()
    used = Usage.of(config, setting.data, setting.validation)
    if world.is_first:
        used.tell()
        directory.mkdir(parents=True, exist_ok=True)
        names = "".join(f"{name}\n" for name in setting.held_out)
        (directory / HELD_OUT).write_text(names, encoding="utf-8")
    trainer.train()
    figures = trainer.finish()
    if world.is_first:
        report = {"config": config.model_dump(mode="json"), "data": asdict(used), **figures}
        write_json(directory / FIGURES, report)
    return figures
