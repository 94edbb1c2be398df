"""The convolutions of a network in the order they run, and what their units answer."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from models.nets.encoders.resnet29 import Affine
from models.nets.encoders.routed_resnet29 import RoutedResNet29
from training.kit.recipe import ConfigError, nearest

_NORMS = (nn.BatchNorm2d, Affine)
Seen = Callable[["Layer", Tensor], None]
"""Takes a layer and its (N, channels, height, width) answer, which may be overwritten later."""


class _Enough(Exception):  # noqa: N818 - no error
    """Ends a forward pass when the last layer wanted has answered."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A convolution, with the normalisation right behind it if there is one."""

    name: str
    module: nn.Module
    """Whose output the units' answers are, before the activation."""
    number: int
    """From 1 on, in the order of running."""
    channels: int
    size: tuple[int, int]
    """Height and width of its map."""


def experts(network: nn.Module) -> dict[str, nn.Module]:
    """Networks to look into, by name: both experts behind a router, or the network itself."""
    if isinstance(network, RoutedResNet29):
        return {"clear": network.clear, "difficult": network.difficult}
    return {"": network}


def layers_of(network: nn.Module, size: tuple[int, int]) -> list[Layer]:
    """The layers that run for a picture of (height, width). Raises ConfigError without any."""
    ran: list[tuple[str, nn.Module, torch.Size]] = []

    def note(name: str) -> Callable[[nn.Module, object, Tensor], None]:
        return lambda module, _, output: ran.append((name, module, output.shape))

    handles = [
        module.register_forward_hook(note(name))
        for name, module in network.named_modules()
        if isinstance(module, (nn.Conv2d, *_NORMS))
    ]
    try:
        with torch.inference_mode():
            network(torch.zeros(1, 3, *size))
    finally:
        _remove(handles)
    layers: list[Layer] = []
    for (name, module, shape), behind in zip(ran, [*ran[1:], None], strict=True):
        if not isinstance(module, nn.Conv2d):
            continue
        if behind is not None and isinstance(behind[1], _NORMS) and behind[2] == shape:
            module = behind[1]
        _, channels, height, width = shape
        layers.append(Layer(name, module, len(layers) + 1, channels, (height, width)))
    if not layers:
        raise ConfigError("The network has no convolutions to look into.")
    return layers


def spread(layers: Sequence[Layer], count: int) -> list[Layer]:
    """Choose so many layers from the first to the last, the closer the nearer to the picture.

    There fields grow from strokes to half a face within a few layers.
    """
    steps = np.linspace(0, 1, min(count, len(layers))) ** 1.5
    places = np.unique(np.round(steps * (len(layers) - 1)).astype(int))
    return [layers[place] for place in places.tolist()]


def named(layers: Sequence[Layer], names: Sequence[str]) -> list[Layer]:
    """The layers of these names, in the order of running. Raises ConfigError."""
    known = {layer.name: layer for layer in layers}
    for name in names:
        if name not in known:
            raise ConfigError(f"There is no layer {name!r}{nearest(name, known)}.")
    return [layer for layer in layers if layer.name in names]


@contextmanager
def watched(layers: Sequence[Layer], seen: Seen) -> Iterator[Callable[[nn.Module, Tensor], None]]:
    """Inside, gives what runs a network on pictures as far as the last of the layers."""
    last = max(layers, key=lambda layer: layer.number)

    def hook(layer: Layer) -> Callable[[nn.Module, object, Tensor], None]:
        def answer(_: nn.Module, __: object, output: Tensor) -> None:
            seen(layer, output)
            if layer is last:
                raise _Enough

        return answer

    def run(network: nn.Module, pictures: Tensor) -> None:
        with suppress(_Enough):
            network(pictures)

    handles = [layer.module.register_forward_hook(hook(layer)) for layer in layers]
    try:
        yield run
    finally:
        _remove(handles)


def _remove(handles: Sequence[RemovableHandle]) -> None:
    for handle in handles:
        handle.remove()
