"""The router of a routed encoder: which expert a face goes to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from torch import Tensor, nn
from torch.nn import functional as F

from models.nets.encoders.routed_resnet29 import RoutedResNet29
from models.registry.registry import Registry
from training.augment.augmenter import Augmenter
from training.augment.conditions import CONDITIONS
from training.augment.config import AugmentConfig, Conditions
from training.data.chips import ChipSet
from training.encoders.backbones import BACKBONES
from training.encoders.batches import Loader, TrainingSet
from training.encoders.material import Sources, read_sources
from training.encoders.measuring.robustness import changed_chips
from training.encoders.mining.samplers import PictureSampler
from training.encoders.networks.embedding import to_input
from training.encoders.networks.starts import starting_network
from training.encoders.recipe import ModelConfig, RoutingConfig
from training.kit import checkpoints
from training.kit.optimisation import learning_rate, set_learning_rate
from training.kit.recipe import ScheduleConfig
from training.kit.run_files import FIGURES, WEIGHTS, write_json

_BACKBONE = BACKBONES["resnet29"]
_MOST = 600
"""Faces that the router is measured on."""

Routed = dict[str, float]
"""Share of faces sent to the expert for difficult ones, by condition."""


def train_router(
    config: RoutingConfig, sources: Sources, registry: Registry, directory: Path
) -> Routed:
    """Everything `python -m training train-router` does: `weights.safetensors` and figures.

    Both experts stay as they are. The router learns to tell changed faces from clear ones, and
    its threshold is then set on people it did not learn from, so that at most `mistaken` of
    their clear faces are taken for difficult ones. Raises ReportedError of many kinds.
    """
    chips, split = read_sources(sources, config.data, registry, config.seed)
    data = TrainingSet.of(chips, split.train)
    network = _experts(config, registry, chips.chips[data.rows])
    for loss in _learn(network.router, config, data):
        if not np.isfinite(loss):
            raise checkpoints.CheckpointError("The router's loss is not a number any more.")
    rows = np.random.default_rng(config.seed).permutation(split.validation)[:_MOST]
    routed = _threshold_set(network.router, chips, rows, config.mistaken)
    checkpoints.save_weights(directory / WEIGHTS, network.state_dict())
    report = {"config": config.model_dump(mode="json"), "routed": routed}
    write_json(directory / FIGURES, report)
    return routed


def _experts(config: RoutingConfig, registry: Registry, chips: NDArray[np.uint8]) -> RoutedResNet29:
    torch.manual_seed(config.seed)
    network = RoutedResNet29(ModelConfig(backbone="resnet29").dimension)
    for expert, start in ((network.clear, config.clear), (network.difficult, config.difficult)):
        model = ModelConfig(backbone="resnet29", start=start)
        expert.load_state_dict(starting_network(model, registry, chips).state_dict())
    return network


def _learn(router: nn.Module, config: RoutingConfig, data: TrainingSet) -> Any:
    """Logistic regression on features learnt with it; the loss of every step."""
    half = config.size // 2
    unchanged = config.augment.model_copy(update={"conditions": Conditions()})
    clear = _batches(data, unchanged, half, config.seed)
    difficult = _batches(data, config.augment, half, config.seed + 1)
    schedule = ScheduleConfig(steps=config.steps, warmup=0.05)
    optimiser = torch.optim.AdamW(router.parameters(), lr=config.learning_rate)
    target = torch.cat([torch.zeros(half), torch.ones(half)])
    router.train()
    for step in track(range(config.steps), "Training the router"):
        rate = learning_rate(step, config.learning_rate, schedule)
        set_learning_rate(optimiser, rate)
        x = to_input(torch.cat([clear(step), difficult(step)]), _BACKBONE)
        loss = F.binary_cross_entropy_with_logits(router(x), target)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        yield float(loss.detach())
    router.eval()


def _batches(
    data: TrainingSet, augment: AugmentConfig, size: int, seed: int
) -> Callable[[int], Tensor]:
    which = PictureSampler(len(data), size, seed)
    loader = Loader(data, which, Augmenter.from_config(augment), seed)
    return lambda step: loader.load(step).chips


def _threshold_set(
    router: nn.Module, chips: ChipSet, rows: NDArray[np.intp], mistaken: float
) -> Routed:
    """Moves the bias of the router's head; the shares routed after it."""
    logits = {
        name: _logits(router, changed_chips(chips, rows.tolist(), name))
        for name in track(CONDITIONS, "Measuring the router")
    }
    threshold = float(np.quantile(logits["clean"], 1 - mistaken))
    with torch.no_grad():
        router.get_parameter("head.bias").sub_(threshold)
    return {name: float((values > threshold).mean()) for name, values in logits.items()}


@torch.no_grad()
def _logits(router: nn.Module, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
    inputs = (torch.from_numpy(chips[i : i + 64]) for i in range(0, len(chips), 64))
    parts = [router(to_input(part, _BACKBONE)) for part in inputs]
    return np.asarray(torch.cat(parts).numpy())
