"""Small OpenVINO IR files, made by hand, of the networks that are read from such files."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import torch
from numpy.typing import NDArray

from models.nets.encoders.mobile_face_net import MobileFaceNet

Array = NDArray[np.float32]


class IrWriter:
    """A chain of layers with one constant each, compressed to half precision if asked for."""

    def __init__(self, *, half: bool = False) -> None:
        self._half = half
        self._data = b""
        self._net = ElementTree.Element("net", name="made-up", version="11")
        self._layers = ElementTree.SubElement(self._net, "layers")
        self._edges = ElementTree.SubElement(self._net, "edges")
        self._count = 0
        self._last = self._layer("Parameter")

    def add(self, kind: str, value: Array) -> None:
        """The next layer of the chain."""
        content = value.astype("<f2" if self._half else "<f4").tobytes()
        constant = self._layer(
            "Const",
            element_type="f16" if self._half else "f32",
            shape=",".join(str(side) for side in value.shape),
            offset=str(len(self._data)),
            size=str(len(content)),
        )
        self._data += content
        if self._half:
            self._edge(constant, constant := self._layer("Convert"), 0)
        layer = self._layer(kind)
        self._edge(self._last, layer, 0)
        self._edge(constant, layer, 1)
        self._last = layer

    def write(self, stem: Path, *, reverse: bool = False) -> tuple[Path, Path]:
        """`stem`.xml and `stem`.bin; layers may stand in the file in any order."""
        if reverse:
            self._layers[:] = list(reversed(self._layers))
        xml, binary = stem.with_suffix(".xml"), stem.with_suffix(".bin")
        xml.write_bytes(ElementTree.tostring(self._net))
        binary.write_bytes(self._data)
        return xml, binary

    def _layer(self, kind: str, **data: str) -> str:
        number = str(self._count)
        self._count += 1
        layer = ElementTree.SubElement(self._layers, "layer", id=number, type=kind)
        if data:
            ElementTree.SubElement(layer, "data", data)
        return number

    def _edge(self, start: str, end: str, port: int) -> None:
        ElementTree.SubElement(
            self._edges,
            "edge",
            {"from-layer": start, "to-layer": end, "to-port": str(port)},
        )


class _Layers:
    """A network's layers as the file has them: filters, then biases or slopes."""

    def __init__(self, ir: IrWriter, state: dict[str, Array]) -> None:
        self._ir, self._state = ir, state

    def convolution(
        self, name: str, filters: Array | None = None, *, grouped: bool = False
    ) -> None:
        weights = self._state[f"{name}.weight"] if filters is None else filters
        if grouped:  # (groups, out of a group, in of a group, height, width)
            weights = weights[:, None]
        self._ir.add("GroupConvolution" if grouped else "Convolution", weights)
        self._ir.add("Add", self._state[f"{name}.bias"].reshape(1, -1, 1, 1))

    def activated(self, name: str, filters: Array | None = None, *, grouped: bool = False) -> None:
        self.convolution(f"{name}.convolution", filters, grouped=grouped)
        self._ir.add("PReLU", self._state[f"{name}.activation.weight"])

    def block(self, name: str) -> None:
        self.activated(f"{name}.expand")
        self.activated(f"{name}.depthwise", grouped=True)
        self.convolution(f"{name}.project")
        self.activated(f"{name}.scale.squeeze")
        self.convolution(f"{name}.scale.excite")


def write_reid(stem: Path, *, half: bool = False, reverse: bool = False) -> MobileFaceNet:
    """`stem`.xml and `.bin` like face-reidentification-retail-0095; the network they hold.

    Weights are small random numbers. The file's network takes BGR, scaled and shifted.
    """
    torch.manual_seed(0)
    network = MobileFaceNet(256).eval()
    if half:  # so that nothing is lost in the file
        network.load_state_dict({k: v.half().float() for k, v in network.state_dict().items()})
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    scale = np.array([0.5, 0.25, 2.0], np.float32)  # blue, green, red; exact in any precision
    ir = IrWriter(half=half)
    ir.add("Multiply", scale.reshape(1, 3, 1, 1))
    ir.add("Add", (state["shift"][::-1].ravel() * scale).reshape(1, 3, 1, 1))
    layers = _Layers(ir, state)
    filters = state["stem.convolution.weight"][:, ::-1] / scale.reshape(3, 1, 1)
    layers.activated("stem", filters)
    layers.activated("depthwise", grouped=True)
    for number in range(15):
        layers.block(f"blocks.{number}")
    layers.activated("widen")
    layers.convolution("pool", grouped=True)
    ir.add("Convolution", state["linear.weight"][:, :, None, None])
    ir.write(stem, reverse=reverse)
    return network
