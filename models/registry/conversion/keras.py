"""Keras arrays of the mtcnn package to the three networks of the cascade."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.registry.conversion.state import State, contiguous

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
    return contiguous(state)


def convert_keras_mtcnn(paths: Sequence[Path]) -> State:
    """`pnet.lz4`, `rnet.lz4` and `onet.lz4` of the mtcnn package, found by their stems."""
    from models.registry.conversion.pickled_arrays import read_arrays  # needed once per machine

    state: State = {}
    for path in paths:
        part = keras_state(read_arrays(path), _KERAS_LAYERS[path.stem].split())
        state |= {f"{path.stem}.{name}": value for name, value in part.items()}
    return state
