"""Training with parts of a network kept as they are."""

import torch
from torch import Tensor, nn

from training.encoders.backbones import Backbone
from training.encoders.batches import TrainingSet
from training.encoders.networks.embedding import precision, to_input
from training.kit.recipe import ConfigError

_BATCH = 64


def freeze(network: nn.Module, backbone: Backbone, stages: int) -> None:
    """Keep the weights of the first `stages` stages as they are. Raises ConfigError."""
    if stages >= len(backbone.stages):
        raise ConfigError(
            f"The network has {len(backbone.stages)} stages; with {stages} of them frozen, "
            "nothing is left to train."
        )
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(backbone.stage_of(name) >= stages)


def train_mode(network: nn.Module) -> None:
    """Training mode, but for frozen layers: their running statistics are weights too."""
    network.train()
    for module in network.modules():
        own = list(module.parameters(recurse=False))
        if own and not any(parameter.requires_grad for parameter in own):
            module.eval()


def head_of(network: nn.Module, backbone: Backbone) -> nn.Sequential:
    """The last stage, on which everything before it is only an input."""
    return nn.Sequential(
        *(m for name, m in network.named_children() if f"{name}.".startswith(backbone.stages[-1]))
    )


def is_head_only(network: nn.Module, backbone: Backbone) -> bool:
    """Whether everything but the head is frozen."""
    last = len(backbone.stages) - 1
    return all(
        backbone.stage_of(name) == last
        for name, parameter in network.named_parameters()
        if parameter.requires_grad
    )


def head_inputs(
    network: nn.Module, backbone: Backbone, data: TrainingSet, mixed: str = "float32"
) -> Tensor:
    """(N, ...) what the head is given for each clean chip of the training set."""
    device = next(network.parameters()).device
    seen: list[Tensor] = []
    first = next(iter(head_of(network, backbone)))
    hook = first.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].float()))
    network.eval()
    try:
        with torch.inference_mode(), precision(mixed, device):
            for start in range(0, len(data), _BATCH):
                chips = data.source.chips[data.rows[start : start + _BATCH]]
                network(to_input(torch.from_numpy(chips).to(device), backbone))
    finally:
        hook.remove()
    return torch.cat(seen).clone()
