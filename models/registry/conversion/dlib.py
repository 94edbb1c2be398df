"""dlib's file of its face encoder to a ResNet-29."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.registry.conversion.state import State, contiguous

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
    return contiguous(state)
