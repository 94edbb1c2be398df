"""The optimiser of a network in stages."""

from collections.abc import Iterable

from torch import nn
from torch.optim import Optimizer

from training.encoders.backbones import Backbone
from training.kit.optimisation import group_of, optimiser_of
from training.kit.recipe import OptimiserConfig


def optimiser(
    network: nn.Module, backbone: Backbone, others: Iterable[nn.Parameter], config: OptimiserConfig
) -> Optimizer:
    """An optimiser over what is not frozen and over `others`, with a group per tensor.

    Earlier stages move less. Vectors (biases, scales) are not decayed.
    """
    last = len(backbone.stages) - 1
    groups = []
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            factor = config.early_layers ** (last - backbone.stage_of(name))
            decay = config.weight_decay if parameter.ndim > 1 else 0.0
            groups.append(group_of(parameter, factor, decay, config))
    groups += [group_of(p, 1.0, config.weight_decay, config) for p in others]
    return optimiser_of(groups, config)
