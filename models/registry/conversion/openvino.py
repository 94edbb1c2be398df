"""Intel's face-reidentification-retail-0095 to a MobileFaceNet."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.registry.conversion.openvino_ir import constants
from models.registry.conversion.state import State, contiguous


def convert_reid_retail_0095(paths: Sequence[Path]) -> State:
    """`face-reidentification-retail-0095.xml` and `.bin`: MobileFaceNet for RGB in 0..255.

    The published network takes BGR, which it scales and shifts channel by channel; the scales
    go into the filters of its first layer, the shifts stay.
    """
    by_suffix = {path.suffix: path for path in paths}
    found = constants(by_suffix[".xml"], by_suffix[".bin"])

    def take(kind: str) -> NDArray[np.float32]:
        layer, value = next(found, ("nothing", np.empty(0, np.float32)))
        if layer != kind:
            raise ValueError(f"a constant of {layer} where one of {kind} was expected")
        return value

    def convolution(name: str, kind: str = "Convolution") -> State:
        filters = take(kind)
        filters = filters.reshape(-1, *filters.shape[-3:])
        return {f"{name}.weight": filters, f"{name}.bias": take("Add").reshape(-1)}

    def activated(name: str, kind: str = "Convolution") -> State:
        return {
            **convolution(f"{name}.convolution", kind),
            f"{name}.activation.weight": take("PReLU").reshape(1),
        }

    scale, shift = take("Multiply").reshape(3, 1, 1), take("Add").reshape(3, 1, 1)
    state = activated("stem")
    state["stem.convolution.weight"] = (state["stem.convolution.weight"] * scale)[:, ::-1]
    state["shift"] = (shift / scale)[::-1]
    state |= activated("depthwise", "GroupConvolution")
    for number in range(15):
        name = f"blocks.{number}"
        state |= activated(f"{name}.expand")
        state |= activated(f"{name}.depthwise", "GroupConvolution")
        state |= convolution(f"{name}.project")
        state |= activated(f"{name}.scale.squeeze")
        state |= convolution(f"{name}.scale.excite")
    state |= activated("widen")
    state |= convolution("pool", "GroupConvolution")
    state["linear.weight"] = take("Convolution").reshape(256, 512)
    return contiguous(state)
