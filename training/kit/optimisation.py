"""The optimiser and its learning rate."""

import math
from collections.abc import Iterable
from typing import Any

from torch import nn
from torch.optim import SGD, AdamW, Optimizer, RMSprop

from training.kit.recipe import ConfigError, OptimiserConfig, ScheduleConfig

_SMALLEST = 1e-4
"""Root mean square that tensors of zeros are treated as having."""


def group_of(
    parameter: nn.Parameter, factor: float, decay: float, config: OptimiserConfig
) -> dict[str, Any]:
    """A parameter with a `factor` on the learning rate, and its decay.

    Adam moves every number by about the learning rate, whatever its size. In a network whose
    layers differ a hundredfold that destroys small weights before large ones have moved;
    `relative` steps scale with each tensor's root mean square (Shazeer and Stern, "Adafactor",
    2018).
    """
    if config.relative:
        size = float(parameter.detach().square().mean().sqrt())
        factor *= max(size, _SMALLEST)
        # All of them decay by rate times decay, which must not shrink with the rate.
        decay /= max(size, _SMALLEST)
    return {"params": [parameter], "factor": factor, "weight_decay": decay}


def optimiser_of(groups: Iterable[Any], config: OptimiserConfig) -> Optimizer:
    """Make the kind that the configuration names, over parameters or groups of them."""
    rate, decay = config.learning_rate, config.weight_decay
    if config.kind == "sgd":
        momentum = 0.9 if config.momentum is None else config.momentum
        return SGD(groups, lr=rate, weight_decay=decay, momentum=momentum)
    if config.kind == "rmsprop":
        return RMSprop(groups, lr=rate, weight_decay=decay, momentum=config.momentum or 0.0)
    return AdamW(groups, lr=rate, weight_decay=decay)


def plain_optimiser(network: nn.Module, config: OptimiserConfig) -> Optimizer:
    """An optimiser over a network without stages, with a group per tensor.

    Vectors are not decayed. Raises ConfigError.
    """
    _require_no_stages(config)
    groups = [
        group_of(p, 1.0, config.weight_decay if p.ndim > 1 else 0.0, config)
        for p in network.parameters()
    ]
    return optimiser_of(groups, config)


def split_optimiser(network: nn.Module, config: OptimiserConfig) -> Optimizer:
    """Make what `plain_optimiser` makes, but of one group that is decayed and one that is not."""
    if config.relative:
        return plain_optimiser(network, config)
    _require_no_stages(config)
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return optimiser_of([{"params": decayed}, {"params": others, "weight_decay": 0.0}], config)


def _require_no_stages(config: OptimiserConfig) -> None:
    if config.early_layers != 1:
        raise ConfigError(
            "optimiser.early_layers is for encoders: this network has no stages.",
            field="optimiser.early_layers",
        )


def learning_rate(step: int, peak: float, config: ScheduleConfig) -> float:
    """Rate of a step, counted from 0: up in a line, then down half a cosine (or level)."""
    warm = round(config.steps * config.warmup)
    if step < warm:
        return peak * (step + 1) / warm
    if config.decay == "none":
        return peak
    done = (step - warm) / max(1, config.steps - warm)
    return peak * 0.5 * (1 + math.cos(math.pi * done))


def set_learning_rate(target: Optimizer, rate: float) -> None:
    """Set the rate of every group, times its factor if it has one."""
    for group in target.param_groups:
        group["lr"] = rate * group.get("factor", 1.0)
