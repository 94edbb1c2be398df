"""Pictures in bytes to tensors in the convention a network was trained with."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.registry.manifests.base import Input


def to_tensor(
    images: NDArray[np.uint8], convention: Input, device: torch.device | str = "cpu"
) -> Tensor:
    """(N, H, W, 3) uint8 RGB → (N, 3, H, W) float32, (value - mean) * scale."""
    x = torch.from_numpy(np.ascontiguousarray(images)).to(device).permute(0, 3, 1, 2).float()
    mean = torch.tensor(convention.mean, device=x.device).view(1, 3, 1, 1)
    x = x.sub_(mean).mul_(convention.scale)
    return x.flip(1) if convention.channels == "bgr" else x
