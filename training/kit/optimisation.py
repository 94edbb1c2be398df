"""The optimiser and its learning rate."""

import math
from collections.abc import Iterable
from typing import Any

from torch import nn
from torch.optim import SGD, AdamW, Optimizer, RMSprop

from training.encoders.networks.backbones import Backbone
from training.encoders.recipe import OptimiserConfig, ScheduleConfig

_SMALLEST = 1e-4
"""Root mean square that tensors of zeros are treated as having."""


def optimiser(
    network: nn.Module, backbone: Backbone, others: Iterable[nn.Parameter], config: OptimiserConfig
) -> Optimizer:
    """An optimiser over what is not frozen and over `others`, with a group per tensor.

    Adam moves every number by about the learning rate, whatever its size. In a network whose
    layers differ a hundredfold that destroys small weights before large ones have moved;
    `relative` steps scale with each tensor's root mean square (Shazeer and Stern, "Adafactor",
    2018). Vectors (biases, scales) are not decayed.
    """
    last = len(backbone.stages) - 1
    groups = []
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            factor = config.early_layers ** (last - backbone.stage_of(name))
            decay = config.weight_decay if parameter.ndim > 1 else 0.0
            groups.append(_group(parameter, factor, decay, config))
    groups += [_group(p, 1.0, config.weight_decay, config) for p in others]
    return optimiser_of(groups, config)


def optimiser_of(groups: Iterable[Any], config: OptimiserConfig) -> Optimizer:
    """Of the kind that the configuration names, over parameters or groups of them."""
    rate, decay = config.learning_rate, config.weight_decay
    if config.kind == "sgd":
        momentum = 0.9 if config.momentum is None else config.momentum
        return SGD(groups, lr=rate, weight_decay=decay, momentum=momentum)
    if config.kind == "rmsprop":
        return RMSprop(groups, lr=rate, weight_decay=decay, momentum=config.momentum or 0.0)
    return AdamW(groups, lr=rate, weight_decay=decay)


def plain_optimiser(network: nn.Module, config: OptimiserConfig) -> Optimizer:
    """An optimiser over a network without stages; vectors are not decayed."""
    groups = [
        _group(p, 1.0, config.weight_decay if p.ndim > 1 else 0.0, config)
        for p in network.parameters()
    ]
    return optimiser_of(groups, config)


def _group(
    parameter: nn.Parameter, factor: float, decay: float, config: OptimiserConfig
) -> dict[str, Any]:
    if config.relative:
        size = float(parameter.detach().square().mean().sqrt())
        factor *= max(size, _SMALLEST)
        # All of them decay by rate times decay, which must not shrink with the rate.
        decay /= max(size, _SMALLEST)
    return {"params": [parameter], "factor": factor, "weight_decay": decay}


def learning_rate(step: int, peak: float, config: ScheduleConfig) -> float:
    """Of a step, counted from 0: up in a line, then down half a cosine (or level)."""
    warm = round(config.steps * config.warmup)
    if step < warm:
        return peak * (step + 1) / warm
    if config.decay == "none":
        return peak
    done = (step - warm) / max(1, config.steps - warm)
    return peak * 0.5 * (1 + math.cos(math.pi * done))


def set_learning_rate(target: Optimizer, rate: float) -> None:
    """For every group, times its factor."""
    for group in target.param_groups:
        group["lr"] = rate * group["factor"]
