"""Weights by name, as converters give them."""

import numpy as np
from numpy.typing import NDArray

State = dict[str, NDArray[np.float32]]


def contiguous(state: State) -> State:
    """The same arrays, each in one piece of memory."""
    return {name: np.ascontiguousarray(value) for name, value in state.items()}
