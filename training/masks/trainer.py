"""Training of a network that tells masks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.progress import track
from torch import nn
from torch.nn import functional as F

from models.nets.mask_network import MaskNetwork
from models.pipelines.pixels import to_tensor
from models.registry.manifests.base import Input
from models.registry.registry import Registry
from training.data.chips import ChipSet, prepare_chips
from training.data.splits import Split, identities_in_folds, split_chips
from training.kit import checkpoints
from training.kit.averages import MovingAverage
from training.kit.optimisation import learning_rate, set_learning_rate
from training.kit.recipe import ScheduleConfig
from training.kit.run_files import FIGURES, HELD_OUT, WEIGHTS, write_json
from training.masks.examples import Examples
from training.masks.recipe import MasksConfig

CONVENTION = Input(mean=(127.5, 127.5, 127.5), scale=1 / 128)
"""Of the pixels that go in; the network levels light and contrast itself."""
_DECAY = 0.99
_STEPS = 10
"""Batches that the outcome is measured on."""


@dataclass(frozen=True, slots=True)
class Material:
    """Places of the pictures, and whom not to train on."""

    data: Sequence[Path]
    pairs: Path | None = None
    """A table of pairs; with `folds`, everybody in those folds is kept out."""
    folds: Sequence[int] = ()


def train(config: MasksConfig, material: Material, registry: Registry, directory: Path) -> float:
    """Train, and leave weights and figures in the directory.

    The share of freshly drawn faces of validation people that are told right. Raises
    TrainingDataError, CheckpointError, and what the registry raises.
    """
    chips, split = _read(config, material, registry)
    torch.manual_seed(config.seed)
    network = MaskNetwork()
    average = MovingAverage(network, _DECAY)
    for step, loss in enumerate(_learn(network, config, Examples(config, chips, split.train))):
        if not np.isfinite(loss):
            raise checkpoints.CheckpointError("The loss is not a number any more.")
        average.update(network, step)
    network.load_state_dict(average.state)
    checkpoints.save_weights(directory / WEIGHTS, average.state)
    right = _measured(network, config, Examples(config, chips, split.validation))
    trained_on = set(chips.labels[split.train].tolist())
    others = [name for i, name in enumerate(chips.identities) if i not in trained_on]
    (directory / HELD_OUT).write_text("".join(f"{name}\n" for name in others), encoding="utf-8")
    report = {"config": config.model_dump(mode="json"), "right": right}
    write_json(directory / FIGURES, report)
    return right


def _read(config: MasksConfig, material: Material, registry: Registry) -> tuple[ChipSet, Split]:
    data = config.data
    cache = registry.cache_dir / "chips"
    chips = prepare_chips(
        material.data, registry, data.aligned_for, cache, pad=data.pad, ignore=data.ignore
    )
    excluded: set[str] = set()
    if material.pairs is not None:
        excluded = identities_in_folds(chips, material.pairs, material.folds)
    return chips, split_chips(chips, data.validation, config.seed, excluded)


def _learn(network: nn.Module, config: MasksConfig, examples: Examples) -> Iterator[float]:
    """The loss of every step."""
    schedule = ScheduleConfig(steps=config.steps, warmup=0.05)
    optimiser = torch.optim.AdamW(network.parameters(), lr=config.learning_rate, weight_decay=0.02)
    network.train()
    batches = examples.batches(config.steps)
    for step, (chips, kinds) in enumerate(track(batches, "Training", total=config.steps)):
        set_learning_rate(optimiser, learning_rate(step, config.learning_rate, schedule))
        # A little doubt keeps probabilities from running to 1 on faces that are drawn.
        loss = F.cross_entropy(
            network(to_tensor(chips, CONVENTION)), torch.from_numpy(kinds), label_smoothing=0.02
        )
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        yield float(loss.detach())
    network.eval()


@torch.no_grad()
def _measured(network: nn.Module, config: MasksConfig, examples: Examples) -> float:
    right = [
        (network(to_tensor(chips, CONVENTION)).argmax(dim=1).numpy() == kinds).mean()
        for chips, kinds in examples.batches(_STEPS)
    ]
    return float(np.mean(right))
