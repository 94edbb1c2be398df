"""Ways in which faces wear masks."""

from dataclasses import dataclass
from typing import Literal, get_args

Wearing = Literal["bare", "masked", "misplaced"]
"""No mask; one over mouth and nose; one that leaves the nose free."""
WEARINGS: tuple[Wearing, ...] = get_args(Wearing)
"""In the order of the network's outputs."""


@dataclass(frozen=True, slots=True)
class MaskWearing:
    """Manner in which a face wears a mask."""

    value: Wearing
    probability: float
    """Of this value, in (0, 1], as the network gives it."""
