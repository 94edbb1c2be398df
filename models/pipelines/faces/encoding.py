"""Aligned faces to embeddings."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from models.pipelines.faces.alignment import Panel, aligned
from models.pipelines.pixels import to_tensor
from models.registry.manifests.encoders import EncoderManifest

Network = Callable[[Tensor], Tensor]
"""(N, 3, H, W) pictures to (N, dimension) embeddings: a torch module, or an ONNX session."""

_BATCH = 16
"""Chips per forward, mirror images included: the fastest on a CPU, whose caches it fits."""


class FaceEncoder:
    """Turns faces into embeddings of one model. Thread-safe; holds no state but the weights."""

    def __init__(
        self, network: Network, manifest: EncoderManifest, parts: Sequence[EncoderManifest] = ()
    ) -> None:
        """`parts` are what the encoder is made of, of which each has its own chip."""
        self._network = network
        self._input = manifest.input
        self._output = manifest.output
        self._panels = panels_of(manifest, parts)
        self._mirror = manifest.mirror
        self._device = _device(network)

    @property
    def dimension(self) -> int:
        """Length of an embedding."""
        return self._output.dimension

    def chip(self, image: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> NDArray[np.uint8]:
        """The aligned (H, W, 3) chip of a face with the given (5, 2) landmarks."""
        return aligned(image, landmarks, self._panels)

    def encode(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(N, H, W, 3) uint8 RGB chips → (N, dimension) float32 embeddings.

        With `mirror` in the manifest, the normalized mean of the normalized embeddings of
        each chip and of its mirror image.
        """
        result = np.zeros((len(chips), self._output.dimension), dtype=np.float32)
        with torch.inference_mode():
            step = _BATCH // 2 if self._mirror else _BATCH
            for start in range(0, len(chips), step):
                x = to_tensor(chips[start : start + step], self._input, self._device)
                result[start : start + step] = self._embed(x).cpu().numpy()
        return result

    def _embed(self, x: Tensor) -> Tensor:
        if not self._mirror:
            raw = self._network(x)
            return F.normalize(raw) if self._output.normalised else raw
        both = self._network(torch.cat([x, x.flip(3)]))
        if not self._output.normalised:
            return (both[: len(x)] + both[len(x) :]) / 2
        both = F.normalize(both)
        return F.normalize(both[: len(x)] + both[len(x) :])


def panels_of(
    manifest: EncoderManifest, parts: Sequence[EncoderManifest] = ()
) -> tuple[Panel, ...]:
    """The panels of an encoder's chips: one, or that of each of its parts."""
    return tuple(Panel(np.asarray(one.alignment), one.input.size) for one in (parts or (manifest,)))


def _device(network: Network) -> torch.device:
    """Device of the network's weights; what is no torch network is fed from main memory."""
    weights = network.parameters() if isinstance(network, nn.Module) else iter(())
    first = next(weights, None)
    return torch.device("cpu") if first is None else first.device
