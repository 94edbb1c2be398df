"""The training loop of date readers."""

import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.utils import clip_grad_norm_

from models.nets.seq2seq import AttentionSeq2Seq
from models.pipelines.dates.reading import END
from training.dates.batches import IGNORED, Batch, batch_of, stream, vocabulary
from training.dates.recipe import DatesConfig
from training.dates.texts.generator import examples
from training.kit import checkpoints, guards
from training.kit.averages import MovingAverage
from training.kit.optimisation import learning_rate, plain_optimiser, set_learning_rate
from training.kit.progress import Log

_MEASURED_AT_ONCE = 250


def network_arguments(config: DatesConfig) -> dict[str, Any]:
    """What the network is built with."""
    return {"inputs": len(vocabulary()), "outputs": END + 1, **config.network.model_dump()}


class DatesTrainer:
    """One run. `train` takes it from where it is to its end."""

    def __init__(self, config: DatesConfig, directory: Path, device: str = "cpu") -> None:
        torch.manual_seed(config.seed)
        self._config, self._directory, self._device = config, directory, device
        self.network = AttentionSeq2Seq(**network_arguments(config)).to(device)
        self._optimiser = plain_optimiser(self.network, config.optimiser)
        self._average = MovingAverage(self.network, config.average.ema)
        self._measured = examples(
            (config.seed, -1), config.measuring.texts, days_unseen=True, none_share=0.3
        )
        self.step = 0

    def resume(self) -> None:
        """Go on from the last checkpoint. Raises CheckpointError."""
        content = checkpoints.load(self._directory / "last.pt")
        if content["config"] != self._config.model_dump(mode="json"):
            raise checkpoints.CheckpointError(
                "The run to resume had another configuration.",
                hint="Give the same file, or another --out.",
            )
        self.network.load_state_dict(content["network"])
        self._optimiser.load_state_dict(content["optimiser"])
        self._average.state = content["average"]
        self.step = content["step"]

    def train(self) -> dict[str, float]:
        """Steps until the schedule ends; the last measurement. Weights lie in the directory.

        Raises TrainingFailedError and CheckpointError.
        """
        config, figures = self._config, {}
        steps, every = config.schedule.steps, config.measuring.every
        with Log(self._directory, self.step, steps, active=True, unit="texts") as log:
            began = time.perf_counter()
            for batch in stream(config.texts, config.seed, self.step):
                if self.step >= steps:
                    break
                advanced = self._advance(batch)
                log.step(self.step, advanced, len(batch.x) / (time.perf_counter() - began))
                began = time.perf_counter()
                self.step += 1
                if self.step % every == 0 or self.step == steps:
                    figures = self.measured()
                    log.curves(self.step - 1, "validation", figures)
                    log.console.print(f"step {self.step}: {figures['exact']:.2%} exact")
                    self._save()
        checkpoints.save_weights(self._directory / "weights.safetensors", self._average.state)
        return figures or self.measured()

    def _advance(self, batch: Batch) -> dict[str, float]:
        """One step of the optimiser; its figures."""
        config = self._config
        rate = learning_rate(self.step, config.optimiser.learning_rate, config.schedule)
        set_learning_rate(self._optimiser, rate)
        torch.manual_seed(config.seed * 1_000_003 + self.step)  # dropout, after a resumption too
        self.network.train()
        x, y = batch.x.to(self._device), batch.y.to(self._device)
        loss = text_loss(self.network, Batch(x, y))
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = float(clip_grad_norm_(self.network.parameters(), config.optimiser.clip))
        guards.check_finite(float(loss.detach()), norm, self.step)
        self._optimiser.step()
        self._average.update(self.network, self.step)
        return {"loss": float(loss.detach()), "gradient_norm": norm, "learning_rate": rate}

    @torch.no_grad()
    def measured(self) -> dict[str, float]:
        """Exact match of the averaged network under greedy decoding, on days not trained on."""
        network = AttentionSeq2Seq(**network_arguments(self._config)).to(self._device)
        network.load_state_dict(self._average.state)
        network.eval()
        right: list[Tensor] = []
        for start in range(0, len(self._measured), _MEASURED_AT_ONCE):
            batch = batch_of(self._measured[start : start + _MEASURED_AT_ONCE])
            found = network.greedy(batch.x.to(self._device), batch.y.shape[1]).cpu()
            right.append(((found == batch.y) | (batch.y == IGNORED)).all(1))
        hits = torch.cat(right)
        told = torch.tensor([e.told is not None and e.date is not None for e in self._measured])
        none = torch.tensor([e.date is None for e in self._measured])
        return {
            "exact": float(hits.float().mean()),
            "exact_told": float(hits[told].float().mean()),
            "refused": float(hits[none].float().mean()),
        }

    def _save(self) -> None:
        content = {
            "config": self._config.model_dump(mode="json"),
            "network": self.network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "average": self._average.state,
            "step": self.step,
        }
        checkpoints.save(self._directory / "last.pt", content)


def text_loss(network: AttentionSeq2Seq, batch: Batch) -> Tensor:
    """Negative log-likelihood of the right outputs, in nats per text."""
    fed = batch.y.masked_fill(batch.y == IGNORED, END)
    logits = network(batch.x, fed)
    total = F.cross_entropy(
        logits.flatten(0, 1), batch.y.flatten(), ignore_index=IGNORED, reduction="sum"
    )
    return total / len(batch.x)
