"""Cost of half precision to an encoder, as far as it can be measured."""

import copy
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.pipelines.faces.encoding import FaceEncoder
from models.registry.manifests.encoders import EncoderManifest

Precision = Literal["fp16", "fp32"]

LARGEST_CHANGE = 5e-4
"""Of any cosine between two pictures. Thresholds of `facenet-resnet29` at FMR 1e-3 and 1e-4 lie
26 times as far apart, and its own weights lose 1.8e-4 at most among 200 pictures of LFW."""


def rounded(state: dict[str, Tensor], precision: Precision) -> dict[str, Tensor]:
    """The state as it is stored: contiguous, and its real numbers in the given precision."""
    target = torch.float16 if precision == "fp16" else torch.float32
    return {
        name: (value.to(target) if value.is_floating_point() else value).contiguous()
        for name, value in state.items()
    }


def largest_change(
    network: nn.Module, manifest: EncoderManifest, chips: NDArray[np.uint8]
) -> tuple[float, bool]:
    """Measure how far half precision moves the cosine of two chips, and whether all are finite."""
    halved = copy.deepcopy(network)
    halved.load_state_dict(rounded(network.state_dict(), "fp16"))
    before = FaceEncoder(network, manifest).encode(chips)
    after = FaceEncoder(halved, manifest).encode(chips)
    change = np.abs(before @ before.T - after @ after.T)
    return float(change.max()), bool(np.isfinite(after).all())


def choose(change: float, finite: bool) -> Precision:
    """Half precision when it costs nothing measurable."""
    return "fp16" if finite and change < LARGEST_CHANGE else "fp32"
