"""Chips to embeddings of the network in training."""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from training.encoders.backbones import Backbone

_BATCH = 64


def to_input(chips: Tensor, backbone: Backbone) -> Tensor:
    """(N, H, W, 3) uint8 RGB → (N, 3, side, side) float32 in the backbone's convention."""
    x = chips.permute(0, 3, 1, 2).float()
    if x.shape[2:] != (backbone.side, backbone.side):
        x = F.interpolate(
            x, (backbone.side, backbone.side), mode="bilinear", antialias=True, align_corners=False
        )
    mean = torch.tensor(backbone.mean, device=x.device).view(1, 3, 1, 1)
    # Channels last is what convolutions on a CPU are fastest with.
    return ((x - mean) * backbone.scale).contiguous(memory_format=torch.channels_last)


def precision(name: str, device: torch.device) -> AbstractContextManager[object]:
    """Inside, products and convolutions run in bfloat16 if so named."""
    if name == "float32":
        return contextlib.nullcontext()
    return torch.autocast(device.type, torch.bfloat16)


def embed_chips(
    network: nn.Module,
    chips: NDArray[np.uint8],
    backbone: Backbone,
    *,
    mixed: str = "float32",
    mirror: bool = True,
) -> NDArray[np.float32]:
    """(N, H, W, 3) chips, which may be mapped from disk → (N, dimension), L2-normalised.

    With `mirror`, the normalised mean of a chip's embedding and its mirror image's.
    """

    def embed(x: Tensor) -> Tensor:
        z = F.normalize(network(x).float())
        return F.normalize(z + F.normalize(network(x.flip(3)).float())) if mirror else z

    with precision(mixed, next(network.parameters()).device):
        return _in_batches(network, chips, backbone, embed)


def raw_embeddings(
    network: nn.Module, chips: NDArray[np.uint8], backbone: Backbone
) -> NDArray[np.float32]:
    """(N, H, W, 3) chips → (N, dimension) as the network gives them, of any length."""
    return _in_batches(network, chips, backbone, lambda x: network(x).float())


def _in_batches(
    network: nn.Module,
    chips: NDArray[np.uint8],
    backbone: Backbone,
    embed: Callable[[Tensor], Tensor],
) -> NDArray[np.float32]:
    """Results of `embed` on the chips, with the network in evaluation mode."""
    device = next(network.parameters()).device
    was_training = network.training
    network.eval()
    parts = []
    with torch.inference_mode():
        for start in range(0, len(chips), _BATCH):
            batch = torch.from_numpy(np.array(chips[start : start + _BATCH]))
            parts.append(embed(to_input(batch.to(device), backbone)).cpu().numpy())
    network.train(was_training)
    return np.concatenate(parts)
