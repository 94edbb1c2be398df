"""Weights of OpenVINO's intermediate representation, versions 10 and 11, in order of use.

The format: OpenVINO's "Operation sets" and "IR" documentation. A model is an XML file of
layers and edges beside a binary file of constants.
"""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

Constant = NDArray[np.float32]
_TYPES = {"f16": "<f2", "f32": "<f4"}


def constants(xml: Path, binary: Path) -> Iterator[tuple[str, Constant]]:
    """(kind of layer, float32 constant) for each layer with one constant, in order of execution.

    Half precision becomes full. Raises ValueError for constants that lie outside of the file or
    are of another type. The files' checksums are to be verified before.
    """
    data = binary.read_bytes()
    try:
        root = ElementTree.parse(xml).getroot()  # noqa: S314 - a file with a checksum of our own
    except ElementTree.ParseError as error:
        raise ValueError(f"{xml.name} is no XML: {error}") from error
    layers = {layer.get("id", ""): layer for layer in root.iter("layer")}
    # Sources in the order of the inputs that they go to.
    edges = sorted(root.iter("edge"), key=lambda edge: int(edge.get("to-port", 0)))
    sources: dict[str, list[str]] = {number: [] for number in layers}
    for edge in edges:
        sources[edge.get("to-layer", "")].append(edge.get("from-layer", ""))
    for number in _in_order(sources):
        kind = layers[number].get("type", "")
        if kind in ("Const", "Convert"):
            continue
        for source in sources[number]:
            if layers[source].get("type") == "Convert":
                source = sources[source][0]
            if layers[source].get("type") == "Const":
                value = _constant(layers[source], data)
                if value is not None:
                    yield kind, value


def _in_order(sources: dict[str, list[str]]) -> list[str]:
    """Layers, each after those that it takes from; in a chain there is but one such order."""
    try:
        return list(TopologicalSorter(sources).static_order())
    except CycleError as error:
        raise ValueError("the layers form a ring") from error


def _constant(layer: ElementTree.Element, data: bytes) -> Constant | None:
    """Values of a constant; None for integers, which are axes and shapes."""
    attributes = layer.find("data")
    if attributes is None:
        raise ValueError("a constant has no data")
    kind = attributes.get("element_type", "")
    if kind not in _TYPES:
        if kind.startswith(("i", "u")):
            return None
        raise ValueError(f"constants of type {kind} are not read")
    shape = [int(side) for side in attributes.get("shape", "").split(",") if side.strip()]
    dtype = np.dtype(_TYPES[kind])
    start, size = int(attributes.get("offset", -1)), int(attributes.get("size", -1))
    if start < 0 or start + size > len(data) or size != dtype.itemsize * int(np.prod(shape)):
        raise ValueError("a constant lies outside of the file")
    values = np.frombuffer(data, dtype, count=int(np.prod(shape)), offset=start)
    return values.reshape(shape).astype(np.float32)
