"""The training loop: steps, measurements, checkpoints."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

from training.augment.augmenter import Augmenter
from training.augment.config import AugmentConfig
from training.encoders.batches import Batch, Loader
from training.encoders.material import Setting
from training.encoders.mining.bank import EmbeddingBank
from training.encoders.mining.choice import choose_sampler
from training.encoders.mining.stream import TripletStream
from training.encoders.networks.embedding import embed_chips, precision, to_input
from training.encoders.networks.frozen import head_inputs, head_of, is_head_only, train_mode
from training.encoders.networks.optimisation import optimiser
from training.encoders.objectives.build import build, needs_bank
from training.encoders.objectives.context import Embedded
from training.encoders.validation import Figures, told
from training.kit import checkpoints, guards
from training.kit.averages import MovingAverage, State, blended, copy_of
from training.kit.optimisation import learning_rate, set_learning_rate
from training.kit.progress import Log
from training.kit.run import Best
from training.kit.run_files import BEST, LAST, START, WEIGHTS
from training.kit.stopping import asked_to_stop


class Trainer:
    """One run. `train` takes it from where it is to its end."""

    def __init__(self, setting: Setting) -> None:
        self._s, config = setting, setting.config
        self._device = next(setting.network.parameters()).device
        self._objectives = nn.ModuleList(
            build(objective, setting.data.people, setting.dimension)
            for objective in config.objectives
        ).to(self._device)
        self._optimiser = optimiser(
            setting.network, setting.backbone, self._objectives.parameters(), config.optimiser
        )
        self._average = MovingAverage(setting.network, config.average.ema)
        self._start = copy_of(setting.network.state_dict())
        self._head_inputs: Tensor | None = None
        if config.augment == AugmentConfig() and is_head_only(setting.network, setting.backbone):
            # What is frozen sees the same pictures again and again: once is enough.
            self._head_inputs = head_inputs(
                setting.network, setting.backbone, setting.data, config.precision
            )
        self._start_figures: Figures = {}
        self._bank: EmbeddingBank | None = None
        self._sampler = choose_sampler(config, setting.data.labels)
        self._alarm = guards.CollapseAlarm()
        self.best = Best()
        self.step = 0

    def resume(self) -> None:
        """Go on from the last checkpoint. Raises CheckpointError."""
        content = checkpoints.load(self._s.directory / LAST)
        if type(self._s.config).model_validate(content["config"]) != self._s.config:
            raise checkpoints.CheckpointError(
                "The run to resume had another configuration.",
                hint="Give the same file, or another --out.",
            )
        self._s.network.load_state_dict(content["network"])
        self._objectives.load_state_dict(content["objectives"])
        self._optimiser.load_state_dict(content["optimiser"])
        self._average.state = content["average"]
        if min(self._s.config.average.with_start) < 1:
            self._start = checkpoints.load(self._s.directory / START)["weights"]
        self._start_figures = content["start_figures"]
        self.best = Best(**content["best"])
        self.step = content["step"]
        if isinstance(self._sampler, TripletStream):
            self._sampler.load_state_dict(content["stream"])
        if content["bank"] is not None:
            self._bank = EmbeddingBank(content["bank"].numpy(), self._s.data.labels)

    def train(self) -> bool:
        """Steps until the schedule ends or validation stops getting better.

        False when Ctrl-C ended it before; what it had learnt by then is saved.
        Raises TrainingFailedError and CheckpointError.
        """
        config, setting = self._s.config, self._s
        steps = config.schedule.steps
        train_mode(setting.network)
        network = setting.network
        if self._head_inputs is not None:
            network = head_of(setting.network, setting.backbone)
        if setting.world.size > 1:
            network = DistributedDataParallel(network)
        shown = Log(setting.directory, self.step, steps, active=setting.world.is_first)
        with shown as log, asked_to_stop(setting.world) as stopping:
            if not self._start_figures:
                self._begin(log)
            loader = Loader(
                setting.data,
                self._sampler,
                Augmenter.from_config(config.augment),
                config.seed,
                setting.world.part(config.batches.size),
            )
            began = time.perf_counter()
            for batch in loader.batches(range(self.step, steps), config.data.workers):
                waited = time.perf_counter() - began
                figures = self._advance(network, batch)
                took = time.perf_counter() - began
                figures["waiting"] = waited / took
                log.step(self.step, figures, config.batches.size / took)
                self.step += 1
                if self.step % config.validation.every == 0 or self.step == steps:
                    self._validate(log)
                    if self.best.misses >= config.validation.patience:
                        log.console.print(f"No gain since step {self.best.step}: stopped.")
                        break
                if stopping() and self.step < steps:
                    self._save_last()
                    return False
                began = time.perf_counter()
        return True

    def _begin(self, log: Log) -> None:
        """Measure where the run starts, and leave something that it can be resumed from."""
        self._start_figures = self._measured(self._start)
        log.curves(-1, "validation", self._start_figures)
        if min(self._s.config.average.with_start) < 1 and self._s.world.is_first:
            checkpoints.save(self._s.directory / START, {"weights": self._start})
        self._save_last()

    def _advance(self, network: nn.Module, batch: Batch) -> dict[str, float]:
        """One step of the optimiser; its figures."""
        config, world = self._s.config, self._s.world
        rate = learning_rate(self.step, config.optimiser.learning_rate, config.schedule)
        set_learning_rate(self._optimiser, rate)
        # Dropout then is the same after a resumption.
        torch.manual_seed((config.seed * 1_000_003 + self.step) * world.size + world.rank)
        self._refresh_bank()
        if self._head_inputs is None:
            x = to_input(batch.chips.to(self._device), self._s.backbone)
        else:
            x = self._head_inputs[batch.rows].to(self._device)
        with precision(config.precision, self._device):
            raw = network(x)
        embeddings = world.gathered(F.normalize(raw.float()))
        embedded = self._embedded(embeddings, batch)
        loss, figures = self._loss(embedded)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        trained = [p for group in self._optimiser.param_groups for p in group["params"]]
        norm = float(nn.utils.clip_grad_norm_(trained, config.optimiser.clip))
        guards.check_finite(float(loss.detach()), norm, self.step)
        self._optimiser.step()
        self._average.update(self._s.network, self.step)
        spread = guards.spread(embeddings)
        self._alarm.watch(spread, self.step)
        return {
            "loss": float(loss.detach()),
            "gradient_norm": norm,
            "learning_rate": rate,
            "spread": spread,
            **figures,
        }

    def _embedded(self, embeddings: Tensor, batch: Batch) -> Embedded:
        rows = self._s.world.gathered(batch.rows)
        return Embedded(
            embeddings,
            rows,
            self._s.world.gathered(batch.labels).to(self._device),
            np.random.default_rng([self._s.config.seed, 4, self.step]),
            None if self._s.teacher is None else self._s.teacher[rows].to(self._device),
            self._bank,
        )

    def _loss(self, batch: Embedded) -> tuple[Tensor, dict[str, float]]:
        # Miners draw by chance, and every process has to draw the same.
        torch.manual_seed(self._s.config.seed * 1_000_003 + self.step)
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
        elif self._bank is None or self.step % config.bank.refresh == 0:
            embeddings = self._encoded_clean()
            self._bank = EmbeddingBank(embeddings, self._s.data.labels)

    def _encoded_clean(self) -> NDArray[np.float32]:
        data = self._s.data
        with self._holding(self._average.state):
            return embed_chips(
                self._s.network,
                data.source.chips[data.rows],
                self._s.backbone,
                mixed=self._s.config.precision,
            )

    def _measured(self, state: State) -> Figures:
        setting = self._s
        with self._holding(state):
            return setting.validation.measure(
                setting.network, setting.backbone, setting.config.precision
            )

    @contextmanager
    def _holding(self, state: State) -> Iterator[None]:
        """Inside, the network has these weights."""
        own = copy_of(self._s.network.state_dict())
        self._s.network.load_state_dict(state)
        try:
            yield
        finally:
            self._s.network.load_state_dict(own)
            train_mode(self._s.network)

    def _validate(self, log: Log) -> None:
        """Measure the averaged network, keep it if it is the best, and save where we are."""
        share = self._s.config.average.with_start[0]
        figures = self._measured(blended(self._start, self._average.state, share))
        score = self._s.validation.score(figures, self._start_figures)
        log.curves(self.step - 1, "validation", {**figures, "score": score})
        log.console.print(f"step {self.step}: {told(score, figures)}")
        if score < self.best.score:
            self.best = Best(score, self.step)
            if self._s.world.is_first:
                checkpoints.save(self._s.directory / BEST, self._shared_content())
        else:
            self.best.misses += 1
        self._save_last()

    def _shared_content(self) -> dict[str, Any]:
        """What is left of a run when it is over."""
        return {
            "config": self._s.config.model_dump(mode="json"),
            "average": self._average.state,
            "start_figures": self._start_figures,
            "step": self.step,
        }

    def _save_last(self) -> None:
        if not self._s.world.is_first:
            return
        content = {
            **self._shared_content(),
            "network": self._s.network.state_dict(),
            "objectives": self._objectives.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "stream": (
                self._sampler.state_dict() if isinstance(self._sampler, TripletStream) else None
            ),
            "bank": None if self._bank is None else self._bank.embeddings,
            "best": asdict(self.best),
        }
        checkpoints.save(self._s.directory / LAST, content)

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
