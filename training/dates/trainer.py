"""The training loop of date readers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from models.nets.seq2seq import AttentionSeq2Seq
from models.pipelines.dates.reading import END
from training.dates.batches import IGNORED, Batch, batch_of, stream, vocabulary
from training.dates.recipe import DatesConfig
from training.dates.texts.generator import examples
from training.kit import checkpoints
from training.kit.optimisation import plain_optimiser
from training.kit.progress import Log
from training.kit.run import Plan, Run
from training.kit.run_files import WEIGHTS

_MEASURED_AT_ONCE = 250


def network_arguments(config: DatesConfig) -> dict[str, Any]:
    """Arguments that the network is built with."""
    return {"inputs": len(vocabulary()), "outputs": END + 1, **config.network.model_dump()}


class DatesTrainer:
    """One run. `train` takes it from where it is to its end."""

    def __init__(self, config: DatesConfig, directory: Path, device: str = "cpu") -> None:
        torch.manual_seed(config.seed)
        self._config, self._device = config, device
        self.network = AttentionSeq2Seq(**network_arguments(config)).to(device)
        plan = Plan(
            config,
            directory,
            config.optimiser,
            config.schedule,
            config.average.ema,
            config.measuring.every,
            config.texts.batch,
            unit="texts",
        )
        self.run = Run(plan, self.network, plain_optimiser(self.network, config.optimiser))
        self._measured = examples(
            (config.seed, -1), config.measuring.texts, days_unseen=True, none_share=0.3
        )
        self._batches: Iterator[Batch] = iter(())
        self._figures: dict[str, float] = {}

    def resume(self) -> None:
        """Go on from the last checkpoint. Raises CheckpointError."""
        self.run.resume()

    def train(self) -> dict[str, float]:
        """Steps until the schedule ends; the last measurement. Weights lie in the directory.

        Raises StoppedError, TrainingFailedError and CheckpointError.
        """
        self._batches = stream(self._config.texts, self._config.seed, self.run.step)
        self.run.train(self)
        checkpoints.save_weights(self.run.plan.directory / WEIGHTS, self.run.average.state)
        return self._figures or self.measured()

    def prepare(self, log: Log) -> None:
        """Texts are written as they are needed."""

    def advance(self) -> dict[str, float]:
        """One step on the next texts; its figures."""
        batch = next(self._batches)
        # Dropout then is the same after a resumption.
        torch.manual_seed(self._config.seed * 1_000_003 + self.run.step)
        self.network.train()
        x, y = batch.x.to(self._device), batch.y.to(self._device)
        return self.run.learn(text_loss(self.network, Batch(x, y)))

    def measure(self, log: Log) -> None:
        """Measure the averaged network on days it does not train on."""
        self._figures = self.measured()
        log.curves(self.run.step - 1, "validation", self._figures)
        log.console.print(f"step {self.run.step}: {self._figures['exact']:.2%} exact")

    def content(self) -> dict[str, Any]:
        """Nothing: a checkpoint holds no more of readers than of others."""
        return {}

    @torch.no_grad()
    def measured(self) -> dict[str, float]:
        """Exact match of the averaged network under greedy decoding, on days not trained on."""
        network = AttentionSeq2Seq(**network_arguments(self._config)).to(self._device)
        network.load_state_dict(self.run.average.state)
        network.eval()
        right: list[Tensor] = []
        for start in range(0, len(self._measured), _MEASURED_AT_ONCE):
            batch = batch_of(self._measured[start : start + _MEASURED_AT_ONCE])
            found = network.greedy(batch.x.to(self._device), batch.y.shape[1]).cpu()
            right.append(((found == batch.y) | (batch.y == IGNORED)).all(1))
        hits = torch.cat(right)
        with_locale = torch.tensor(
            [e.known_locale is not None and e.date is not None for e in self._measured]
        )
        none = torch.tensor([e.date is None for e in self._measured])
        return {
            "exact": float(hits.float().mean()),
            "exact_told": float(hits[with_locale].float().mean()),
            "refused": float(hits[none].float().mean()),
        }


def text_loss(network: AttentionSeq2Seq, batch: Batch) -> Tensor:
    """Negative log-likelihood of the right outputs, in nats per text."""
    fed = batch.y.masked_fill(batch.y == IGNORED, END)
    logits = network(batch.x, fed)
    total = F.cross_entropy(
        logits.flatten(0, 1), batch.y.flatten(), ignore_index=IGNORED, reduction="sum"
    )
    return total / len(batch.x)
