"""Readers of foreign weight files: bytes on disk to named arrays in torch's layout.

Every converter takes paths whose checksums have been verified already.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.registry.openvino_ir import constants

State = dict[str, NDArray[np.float32]]

# (output channels, input channels) of the two 3x3 convolutions of each residual block.
_RESNET29_WIDTHS = (32, 32, 32, 64, 64, 64, 64, 128, 128, 128, 256, 256, 256, 256)


def encode_dlib_int(value: int) -> bytes:
    """dlib's integer: one byte with the number of bytes (0x80: negative), then little-endian."""
    size = max(1, (abs(value).bit_length() + 7) // 8)
    return bytes([size | (0x80 if value < 0 else 0)]) + abs(value).to_bytes(size, "little")


def read_dlib_tensors(
    data: bytes, shapes: Sequence[tuple[int, int, int, int]]
) -> Iterator[NDArray[np.float32]]:
    """Yield tensors of the given shapes in the order they are stored.

    Between tensors lie settings of layers that are of no use here. A tensor's header (version
    2, then four dimensions) is long enough to be found by search when its shape is known.
    Raises ValueError when one is missing or cut short.
    """
    position = 0
    for shape in shapes:
        header = b"".join(encode_dlib_int(n) for n in (2, *shape))
        found = data.find(header, position)
        count = int(np.prod(shape))
        start, end = found + len(header), found + len(header) + 4 * count
        if found < 0 or end > len(data):
            raise ValueError(f"no tensor of shape {shape} after byte {position}")
        yield np.frombuffer(data, dtype="<f4", count=count, offset=start).astype(np.float32)
        position = end


def _resnet29_convolutions() -> list[tuple[str, tuple[int, int, int, int]]]:
    """(name, filter shape) of all 29 convolutions from the input on."""
    layers = [("stem", (32, 3, 7, 7))]
    width = 32
    for block, out in enumerate(_RESNET29_WIDTHS):
        layers.append((f"blocks.{block}.0", (out, width, 3, 3)))
        layers.append((f"blocks.{block}.1", (out, out, 3, 3)))
        width = out
    return layers


def convert_dlib_resnet29(paths: Sequence[Path]) -> State:
    """`dlib_face_recognition_resnet_model_v1.dat`: 29 convolutions, affines, a linear map."""
    layers = _resnet29_convolutions()
    shapes: list[tuple[int, int, int, int]] = []
    for _, filters in layers:
        shapes.append((int(np.prod(filters)) + filters[0], 1, 1, 1))
        shapes.append((2 * filters[0], 1, 1, 1))
    shapes.append((256, 128, 1, 1))
    tensors = read_dlib_tensors(paths[0].read_bytes(), shapes)
    state: State = {}
    for name, filters in layers:
        parameters, affine = next(tensors), next(tensors)
        out = filters[0]
        state[f"{name}.convolution.weight"] = parameters[:-out].reshape(filters)
        state[f"{name}.convolution.bias"] = parameters[-out:]
        state[f"{name}.affine.weight"] = affine[:out]
        state[f"{name}.affine.bias"] = affine[out:]
    state["linear.weight"] = next(tensors).reshape(256, 128).T
    return _contiguous(state)


_KERAS_LAYERS = {
    "pnet": "conv1 prelu1 conv2 prelu2 conv3 prelu3 box face",
    "rnet": "conv1 prelu1 conv2 prelu2 conv3 prelu3 dense prelu4 box face",
    "onet": "conv1 prelu1 conv2 prelu2 conv3 prelu3 conv4 prelu4 dense prelu5 box landmarks face",
}


def keras_state(arrays: Sequence[NDArray[np.float32]], layers: Sequence[str]) -> State:
    """Name Keras arrays and turn them into torch's layout.

    Convolutions HWIO become OIHW, dense (in, out) becomes (out, in), PReLU loses its
    broadcast axes. Raises ValueError when the arrays are not exactly those of the layers.
    """
    expected = sum(1 if name.startswith("prelu") else 2 for name in layers)
    if len(arrays) != expected:
        raise ValueError(f"{len(arrays)} arrays where {expected} were expected")
    rest = iter(arrays)
    state: State = {}
    for name in layers:
        weight = np.asarray(next(rest), dtype=np.float32)
        if name.startswith("prelu"):
            state[f"{name}.weight"] = weight.reshape(-1)
            continue
        state[f"{name}.weight"] = weight.transpose(3, 2, 0, 1) if weight.ndim == 4 else weight.T
        state[f"{name}.bias"] = np.asarray(next(rest), dtype=np.float32)
    return _contiguous(state)


def convert_keras_mtcnn(paths: Sequence[Path]) -> State:
    """`pnet.lz4`, `rnet.lz4` and `onet.lz4` of the mtcnn package, found by their stems."""
    from models.registry.pickled_arrays import read_arrays  # needed once per machine

    state: State = {}
    for path in paths:
        part = keras_state(read_arrays(path), _KERAS_LAYERS[path.stem].split())
        state |= {f"{path.stem}.{name}": value for name, value in part.items()}
    return state


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
    return _contiguous(state)


def _contiguous(state: State) -> State:
    return {name: np.ascontiguousarray(value) for name, value in state.items()}


CONVERTERS: dict[str, Callable[[Sequence[Path]], State]] = {
    "dlib-resnet29": convert_dlib_resnet29,
    "keras-mtcnn": convert_keras_mtcnn,
    "reid-retail-0095": convert_reid_retail_0095,
}
