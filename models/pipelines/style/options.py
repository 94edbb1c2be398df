"""Options of a style transfer, and what it reports on the way."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMALLEST, LARGEST = 64, 1024
"""Pixels of the longer side of a result."""
FEWEST_STEPS, MOST_STEPS = 1, 300

Picture = NDArray[np.uint8]
"""(H, W, 3) RGB."""


@dataclass(frozen=True, slots=True)
class TransferOptions:
    """Choices about the picture to be made."""

    size: int = 256
    """Longer side of the result in pixels, `SMALLEST` to `LARGEST`."""
    steps: int = 60
    """Iterations at each size up to 288 pixels; fewer above, where they cost more."""
    alpha: float | None = None
    """Weight of the content loss; None is the model's own."""
    beta: float | None = None
    """Weight of the style loss; None is the model's own."""
    preserve_colour: bool = False
    """Keep the content's colors and take strokes alone from the style."""
    keep_faces: bool = False
    """Leave faces as they are in the content, with soft edges."""
    faces_only: bool = False
    """Style faces alone and leave the rest as it is."""
    seed: int = 0
    """The same seed gives the same picture on the same machine."""


@dataclass(frozen=True, slots=True)
class Losses:
    """J = alpha · content + beta · style, and its two parts, after one step."""

    total: float
    content: float
    style: float


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a transfer, counted from 1 on, among all and among those of its size."""

    number: int
    total: int
    """Steps of all sizes together."""
    at_size: int
    """Its number among the steps of the size that is painted."""
    steps_at_size: int
    size: int
    """Number of the size that is painted, the coarsest first."""
    sizes: int


Progress = Callable[[Step, Losses, Callable[[], Picture]], None]
"""Called after every step with the losses, and a function that renders the picture as it stands.
An exception from it ends the transfer."""


def unseen(step: Step, losses: Losses, preview: Callable[[], Picture]) -> None:
    """A progress callback that nobody watches."""
