"""Templates of people with several faces."""

import numpy as np
from numpy.typing import NDArray

_NOTHING = 1e-6
"""Length of the mean of faces that have nothing in common."""


def lengthened(means: NDArray[np.float32], power: float) -> NDArray[np.float32]:
    """(..., dimension) means of faces as templates: each over its length to the `power`.

    In [0, 1], see `Curve.template_power`; 1 makes unit vectors. Zeros stay zeros.
    """
    lengths = np.linalg.norm(means, axis=-1, keepdims=True)
    divisors = np.maximum(lengths, _NOTHING) ** power
    return np.asarray(np.where(lengths < _NOTHING, 0, means / divisors), np.float32)
