"""Intel's face-reidentification-retail-0095 to a MobileFaceNet."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.registry.conversion.openvino_ir import constants
from models.registry.conversion.state import State, contiguous

_BLOCKS = 15


class _Layers:
    """Reads the constants of a network in the order of its layers."""

    def __init__(self, xml: Path, binary: Path) -> None:
        self._found = constants(xml, binary)

    def take(self, kind: str) -> NDArray[np.float32]:
        """The next constant. Raises ValueError when it is not of a layer of that kind."""
        layer, value = next(self._found, ("nothing", np.empty(0, np.float32)))
        if layer != kind:
            raise ValueError(f"a constant of {layer} where one of {kind} was expected")
        return value

    def convolution(self, name: str, kind: str = "Convolution") -> State:
        """Filters and bias."""
        filters = self.take(kind)
        filters = filters.reshape(-1, *filters.shape[-3:])
        return {f"{name}.weight": filters, f"{name}.bias": self.take("Add").reshape(-1)}

    def activated(self, name: str, kind: str = "Convolution") -> State:
        """Filters, bias and the slope of the activation behind them."""
        return {
            **self.convolution(f"{name}.convolution", kind),
            f"{name}.activation.weight": self.take("PReLU").reshape(1),
        }

    def block(self, name: str) -> State:
        """A bottleneck with its squeeze-and-excitation."""
        return {
            **self.activated(f"{name}.expand"),
            **self.activated(f"{name}.depthwise", "GroupConvolution"),
            **self.convolution(f"{name}.project"),
            **self.activated(f"{name}.scale.squeeze"),
            **self.convolution(f"{name}.scale.excite"),
        }


def convert_reid_retail_0095(paths: Sequence[Path]) -> State:
    """`face-reidentification-retail-0095.xml` and `.bin`: MobileFaceNet for RGB in 0..255.

    The published network takes BGR, which it scales and shifts channel by channel; the scales
    go into the filters of its first layer, the shifts stay.
    """
    by_suffix = {path.suffix: path for path in paths}
    layers = _Layers(by_suffix[".xml"], by_suffix[".bin"])
    scale, shift = layers.take("Multiply").reshape(3, 1, 1), layers.take("Add").reshape(3, 1, 1)
    state = layers.activated("stem")
    state["stem.convolution.weight"] = (state["stem.convolution.weight"] * scale)[:, ::-1]
    state["shift"] = (shift / scale)[::-1]
    state |= layers.activated("depthwise", "GroupConvolution")
    for number in range(_BLOCKS):
        state |= layers.block(f"blocks.{number}")
    state |= layers.activated("widen")
    state |= layers.convolution("pool", "GroupConvolution")
    state["linear.weight"] = layers.take("Convolution").reshape(256, 512)
    return contiguous(state)
