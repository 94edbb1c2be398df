"""A run of training, whatever it trains: steps, measurements, checkpoints.

A kind of network brings a `Trainer`; the run owns optimiser, average, best measurement and step.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError
from torch import Tensor, nn
from torch.optim import Optimizer

from training.kit import checkpoints, guards
from training.kit.averages import MovingAverage
from training.kit.distributed import World
from training.kit.optimisation import learning_rate, set_learning_rate
from training.kit.progress import Log
from training.kit.recipe import ConfigError, OptimiserConfig, ScheduleConfig
from training.kit.run_files import BEST, LAST
from training.kit.stopping import asked_to_stop


@dataclass(slots=True)
class Best:
    """The best measurement so far."""

    score: float = float("inf")
    step: int = 0
    misses: int = 0
    """Measurements since."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Course of a run: what its recipe says, and where it is kept."""

    config: BaseModel
    """The whole recipe, which stands in every checkpoint."""
    directory: Path
    optimiser: OptimiserConfig
    schedule: ScheduleConfig
    ema: float
    """Decay of the average per step."""
    every: int
    """Steps between measurements."""
    size: int
    """Of a batch."""
    unit: str = "pictures"
    """What there are `size` of."""
    most_misses: float = math.inf
    """Measurements without a gain that end the run."""
    world: World = field(default_factory=World)


class Trainer(Protocol):
    """Part that a kind of network brings to its runs."""

    def prepare(self, log: Log) -> None:
        """Called before every step; its time is not the step's."""
        ...

    def advance(self) -> dict[str, float]:
        """Makes the step's batch and hands its loss to `Run.learn`; the step's figures."""
        ...

    def measure(self, log: Log) -> None:
        """Measures the averaged network; a checkpoint is written after it."""
        ...

    def content(self) -> dict[str, Any]:
        """State beyond what the run itself keeps, for a checkpoint."""
        ...


class Run:
    """Run as far as it has come. `train` takes it from there to its end."""

    def __init__(
        self,
        plan: Plan,
        network: nn.Module,
        optimiser: Optimizer,
        trained: list[nn.Parameter] | None = None,
    ) -> None:
        """Take the parameters `trained`, which are the network's own if not given."""
        self.plan, self.network, self._optimiser = plan, network, optimiser
        self._trained = list(network.parameters()) if trained is None else trained
        self.average = MovingAverage(network, plan.ema)
        self.best = Best()
        self.step = 0

    def resume(self) -> dict[str, Any]:
        """Goes back to the last checkpoint; all that it holds. Raises CheckpointError."""
        content = checkpoints.load(self.plan.directory / LAST)
        if not self._is_of(content["config"]):
            raise checkpoints.CheckpointError(
                "The run to resume had another configuration.",
                hint="Give the same file, or another --out.",
            )
        self.network.load_state_dict(content["network"])
        self._optimiser.load_state_dict(content["optimiser"])
        self.average.take(content["average"])
        self.step = content["step"]
        if "best" in content:  # of some kinds of network, earlier versions kept none
            self.best = Best(**content["best"])
        return content

    def _is_of(self, config: Any) -> bool:
        """Whether a checkpoint's recipe is this one, once it has today's default values."""
        try:
            return type(self.plan.config).model_validate(config) == self.plan.config
        except ValidationError:
            return False

    def train(self, trainer: Trainer) -> None:
        """Steps until the schedule ends or measurements stop getting better.

        Raises StoppedError when Ctrl-C ended it before, with what was learnt saved;
        TrainingFailedError and CheckpointError.
        """
        plan, steps = self.plan, self.plan.schedule.steps
        shown = Log(plan.directory, self.step, steps, active=plan.world.is_first, unit=plan.unit)
        with shown as log, asked_to_stop(plan.world) as stopping:
            while not self._is_over():
                trainer.prepare(log)
                began = time.perf_counter()
                figures = trainer.advance()
                log.step(self.step, figures, plan.size / (time.perf_counter() - began))
                self.step += 1
                if self.step % plan.every == 0 or self.step == steps:
                    trainer.measure(log)
                    self.save(trainer)
                if stopping() and not self._is_over():
                    self.save(trainer)
                    raise guards.StoppedError(
                        f"Stopped at step {self.step}; nothing is lost.",
                        hint="The same command with --resume goes on from there.",
                    )
            if self.best.misses >= plan.most_misses:
                log.console.print(f"No gain since step {self.best.step}: stopped.")

    def _is_over(self) -> bool:
        ended = self.step >= self.plan.schedule.steps
        return ended or self.best.misses >= self.plan.most_misses

    def learn(self, loss: Tensor) -> dict[str, float]:
        """One step of the optimiser on a batch's loss; its figures. Raises TrainingFailedError."""
        options = self.plan.optimiser
        rate = learning_rate(self.step, options.learning_rate, self.plan.schedule)
        set_learning_rate(self._optimiser, rate)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = float(nn.utils.clip_grad_norm_(self._trained, options.clip))
        value = float(loss.detach())
        guards.check_finite(value, norm, self.step)
        self._optimiser.step()
        self.average.update(self.network, self.step)
        return {"loss": value, "gradient_norm": norm, "learning_rate": rate}

    def judge(self, score: float, measured: Mapping[str, Any]) -> None:
        """Keeps the averaged weights, beside what was `measured`, if no score was lower."""
        if score < self.best.score:
            self.best = Best(score, self.step)
            if self.plan.world.is_first:
                checkpoints.save(self.plan.directory / BEST, {**self._outcome(), **measured})
        else:
            self.best.misses += 1

    def save(self, trainer: Trainer) -> None:
        """Write what `resume` goes back to. Raises CheckpointError."""
        if self.plan.world.is_first:
            content = {
                **self._outcome(),
                "network": self.network.state_dict(),
                "optimiser": self._optimiser.state_dict(),
                "best": asdict(self.best),
                **trainer.content(),
            }
            checkpoints.save(self.plan.directory / LAST, content)

    def _outcome(self) -> dict[str, Any]:
        """Result of a run, left when it is over."""
        return {
            "config": self.plan.config.model_dump(mode="json"),
            "average": self.average.state,
            "step": self.step,
        }


def require_no_run(directory: Path) -> None:
    """Raises ConfigError where a run is kept already."""
    if (directory / LAST).exists():
        raise ConfigError(
            f"There is a run in {directory} already.", hint="Give --resume, or another --out."
        )
