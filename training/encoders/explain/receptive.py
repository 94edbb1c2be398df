"""Pixels that a unit can see at all."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.encoders.explain.layers import Layer, watched

_BATCH = 16


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Receptive fields of a layer: no unit sees more, some may see less."""

    rows: NDArray[np.intp]
    """(height of the map, 2): first row of pixels, and the one behind the last."""
    columns: NDArray[np.intp]
    """(width of the map, 2)."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width where the picture's border cuts them least."""
        height, width = (int(np.diff(ends).max()) for ends in (self.rows, self.columns))
        return height, width

    @property
    def step(self) -> int | None:
        """Pixels from one place of the map to the next; None where every field is cut."""
        moved = np.diff(self.rows, axis=0)
        steps = moved[moved > 0]
        return int(np.bincount(steps).argmax()) if len(steps) else None


def receptive_fields(
    network: nn.Module, layers: Sequence[Layer], size: tuple[int, int]
) -> Mapping[str, Field]:
    """Fields by layer's name, for pictures of (height, width), whatever the network is made of.

    A row of pixels that are not numbers makes every answer that depends on it not a number, even
    through a weight of zero; so with columns.
    """
    ends = {}
    # Fast convolutions work on tiles and would carry what is not a number to their neighbours.
    with warnings.catch_warnings():
        # PyTorch warns of a setting of graphics cards when oneDNN is switched off.
        warnings.filterwarnings("ignore", message="TF32 acceleration")
        with torch.backends.mkldnn.flags(enabled=False), torch.backends.nnpack.flags(enabled=False):
            for axis in (0, 1):
                for name, reached in _reached(network, layers, size, axis).items():
                    ends[name, axis] = _ends(reached)
    return {layer.name: Field(ends[layer.name, 0], ends[layer.name, 1]) for layer in layers}


def _reached(
    network: nn.Module, layers: Sequence[Layer], size: tuple[int, int], axis: int
) -> dict[str, NDArray[np.bool_]]:
    """(length of the map, length of the picture): which lines reach which places."""
    length = size[axis]
    reached = {layer.name: np.zeros((layer.size[axis], length), np.bool_) for layer in layers}
    lines = range(0)

    def note(layer: Layer, answer: Tensor) -> None:
        lost = answer.isnan().any(dim=1).any(dim=2 - axis)
        reached[layer.name][:, lines] = lost.numpy().T

    with watched(layers, note) as run, torch.inference_mode():
        for start in range(0, length, _BATCH):
            lines = range(start, min(start + _BATCH, length))
            pictures = torch.zeros(len(lines), 3, *size)
            for number, line in enumerate(lines):
                pictures[number].select(axis + 1, line).fill_(torch.nan)
            run(network, pictures)
    return reached


def _ends(reached: NDArray[np.bool_]) -> NDArray[np.intp]:
    first = np.argmax(reached, axis=1)
    behind = reached.shape[1] - np.argmax(np.flip(reached, axis=1), axis=1)
    ends = np.stack([first, behind], axis=1)
    ends[~reached.any(axis=1)] = 0
    return np.asarray(ends, dtype=np.intp)
