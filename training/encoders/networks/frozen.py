"""Training with parts of a network kept as they are."""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from training.encoders.backbones import Backbone
from training.encoders.networks.embedding import embed_chips, precision, to_input
from training.kit.recipe import ConfigError

_BATCH = 64


def freeze(network: nn.Module, backbone: Backbone, stages: int) -> None:
    """Keep the weights of the first `stages` stages as they are, beside those that always stay.

    Raises ConfigError.
    """
    if stages >= len(backbone.stages):
        raise ConfigError(
            f"The network has {len(backbone.stages)} stages; with {stages} of them frozen, "
            "nothing is left to train."
        )
    for name, parameter in network.named_parameters():
        if backbone.stage_of(name) < stages:
            parameter.requires_grad_(False)


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
    network: nn.Module,
    backbone: Backbone,
    chips: NDArray[np.uint8],
    mixed: str = "float32",
    *,
    mirror: bool = False,
) -> Tensor:
    """(N, ...) what the head is given for each of (N, H, W, 3) chips, or for its mirror image."""
    device = next(network.parameters()).device
    seen: list[Tensor] = []
    first = next(iter(head_of(network, backbone)))
    hook = first.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].float()))
    network.eval()
    try:
        with torch.inference_mode(), precision(mixed, device):
            for start in range(0, len(chips), _BATCH):
                batch = torch.from_numpy(np.array(chips[start : start + _BATCH]))
                x = to_input(batch.to(device), backbone)
                network(x.flip(3) if mirror else x)
    finally:
        hook.remove()
    return torch.cat(seen).clone()


class Embedder:
    """Embeds the same chips again and again, by the network in training as it stands.

    With `head_only`, they go through what is frozen once, at the start.
    """

    def __init__(
        self,
        network: nn.Module,
        backbone: Backbone,
        chips: Mapping[str, NDArray[np.uint8]],
        mixed: str = "float32",
        *,
        head_only: bool,
    ) -> None:
        self._network, self._backbone, self._mixed = network, backbone, mixed
        self._chips = chips
        self._inputs: dict[str, list[Tensor]] = {}
        for name in chips if head_only else ():
            self._inputs[name] = [
                head_inputs(network, backbone, chips[name], mixed, mirror=mirror)
                for mirror in (False, True)
            ]

    def __call__(self, name: str) -> NDArray[np.float32]:
        """(N, dimension) of the chips of that name, L2-normalised, as `embed_chips` has them."""
        if not self._inputs:
            return embed_chips(self._network, self._chips[name], self._backbone, mixed=self._mixed)
        head = head_of(self._network, self._backbone)
        was_training = head.training
        head.eval()
        with torch.inference_mode(), precision(self._mixed, self._inputs[name][0].device):
            plain, mirrored = (F.normalize(head(x).float()) for x in self._inputs[name])
            z = F.normalize(plain + mirrored)
        head.train(was_training)
        return z.cpu().numpy()
