"""Peaks of units: for every picture the place of the strongest answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.encoders.explain.layers import Layer, watched

_BATCH = 32


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """Strongest answers of a layer's units, one per picture."""

    values: NDArray[np.float32]
    """(N, channels)."""
    places: NDArray[np.int64]
    """(N, channels, 2): row and column in the layer's map."""

    @property
    def alive(self) -> NDArray[np.intp]:
        """Units that do not answer every picture alike."""
        return np.flatnonzero(np.ptp(self.values, axis=0) > 0)

    def pictures(self, unit: int, count: int) -> NDArray[np.intp]:
        """Pictures that excite a unit most, strongest first; of equal ones the earlier."""
        return np.argsort(-self.values[:, unit], kind="stable")[:count]


def peaks_of(
    network: nn.Module, layers: Sequence[Layer], pictures: Iterator[Tensor]
) -> Mapping[str, Peaks]:
    """Peaks by layer's name, over batches of (N, 3, H, W) pictures as the network takes them."""
    values: dict[str, list[NDArray[np.float32]]] = {layer.name: [] for layer in layers}
    places: dict[str, list[NDArray[np.int64]]] = {layer.name: [] for layer in layers}

    def note(layer: Layer, answer: Tensor) -> None:
        strongest, where = answer.flatten(2).max(dim=2)
        row, column = where // layer.size[1], where % layer.size[1]
        values[layer.name].append(strongest.numpy().copy())
        places[layer.name].append(torch.stack([row, column], dim=2).numpy())

    with watched(layers, note) as run, torch.inference_mode():
        for batch in pictures:
            run(network, batch)
    return {
        layer.name: Peaks(np.concatenate(values[layer.name]), np.concatenate(places[layer.name]))
        for layer in layers
    }


def chosen_units(peaks: Peaks, count: int, seed: int, number: int) -> list[int]:
    """Choose so many of the units that are alive, by seed and number of the layer, ascending."""
    drawn = np.random.default_rng([seed, number]).permutation(peaks.alive)[:count]
    return sorted(drawn.tolist())


def influence(
    network: nn.Module, layer: Layer, pictures: Tensor, unit: int, places: NDArray[np.int64]
) -> NDArray[np.float32]:
    """(N, H, W): by how much each pixel of (N, 3, H, W) pictures moves the unit's answer at
    (N, 2) places, as the sum of the gradients of its three colours without their signs."""
    answers: list[Tensor] = []
    row, column = torch.from_numpy(places).T

    def note(_: Layer, answer: Tensor) -> None:
        answers.append(answer[torch.arange(len(answer)), unit, row, column])

    asked = pictures.clone().requires_grad_()
    with watched([layer], note) as run:
        run(network, asked)
    (gradient,) = torch.autograd.grad(answers[0].sum(), asked)
    return gradient.abs().sum(dim=1).numpy()
