"""Masks of faces, found by a small network that looks at the aligned face."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from models.errors import InvalidWeightsError
from models.pipelines.faces.alignment import align
from models.pipelines.faces.mask_wearing import WEARINGS, MaskWearing
from models.pipelines.pixels import to_tensor
from models.registry.manifests.base import Point
from models.registry.manifests.encoders import ChipInput
from models.registry.manifests.masks import MaskManifest


class MaskTeller:
    """Tells masks of aligned faces. Thread-safe; holds no state but the weights."""

    def __init__(
        self, network: nn.Module, convention: ChipInput, alignment: Sequence[Point]
    ) -> None:
        """Take the network with the manifest's `input` and `alignment`."""
        self._network, self._input = network, convention
        self._template = np.asarray(alignment)
        first = next(network.parameters(), None)
        self._device = torch.device("cpu") if first is None else first.device

    def chip(self, image: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> NDArray[np.uint8]:
        """The aligned (H, W, 3) chip of a face with the given (5, 2) landmarks."""
        return align(image, landmarks, self._template, self._input.size)

    def probabilities(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(N, H, W, 3) uint8 RGB chips → (N, 3) shares, in the order of `WEARINGS`."""
        with torch.inference_mode():
            logits = self._network(to_tensor(chips, self._input, self._device))
            return np.asarray(torch.softmax(logits.float(), dim=1).cpu().numpy())

    def tell(self, chips: NDArray[np.uint8]) -> list[MaskWearing]:
        """(N, H, W, 3) uint8 RGB chips → the likeliest of each."""
        return [
            MaskWearing(WEARINGS[int(row.argmax())], float(row.max()))
            for row in self.probabilities(chips)
        ]


def try_teller(network: nn.Module, manifest: MaskManifest) -> None:
    """Run a teller once on noise. Raises InvalidWeightsError when it does not fit."""
    noise = np.random.default_rng(0).integers(0, 256, (2, *manifest.input.size, 3), dtype=np.uint8)
    try:
        teller = MaskTeller(network, manifest.input, manifest.alignment)
        shares = teller.probabilities(noise)
    except Exception as error:  # torch and ONNX Runtime have errors of many kinds for this
        raise InvalidWeightsError(
            f"{manifest.key} cannot be run on faces: {error}",
            hint="Compare `input.size` with what the network takes.",
            model=manifest.key,
        ) from error
    if shares.shape != (2, len(WEARINGS)) or not np.isfinite(shares).all():
        raise InvalidWeightsError(
            f"For two faces {manifest.key} gives numbers of shape {shares.shape} where "
            f"{(2, len(WEARINGS))} are wanted.",
            model=manifest.key,
        )
