"""The memory that a request and the process that decodes for it share."""

import mmap
from dataclasses import dataclass

import numpy as np

from app.vision.pixels import Rgb


@dataclass(frozen=True, slots=True)
class Result:
    """Room for one picture at a time."""

    memory: mmap.mmap | None

    def room(self, shape: tuple[int, ...]) -> Rgb:
        """An array of that shape in it. Raises ValueError when it takes more than there is."""
        if self.memory is None:
            raise ValueError("no room was made")
        return np.frombuffer(self.memory, np.uint8, int(np.prod(shape))).reshape(shape)
