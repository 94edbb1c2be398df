"""Torch as it comes: the reference on a CPU, and the fastest where there is a GPU."""

import torch
from torch import nn

from app.vision.running.runtimes.runtime import Forward
from models.nets.encoders.resnet29 import folded
from models.nets.parts import Part


class TorchRuntime:
    """Channels last, affines folded into convolutions, full precision."""

    name = "torch"

    def __init__(self, device: str = "cpu") -> None:
        self.device = device

    def compile(self, network: nn.Module, part: Part, label: str) -> Forward:
        ready = folded(network).to(device=self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        result: Forward = ready.eval().requires_grad_(False)
        return result
