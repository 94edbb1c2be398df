"""Sizes that a picture goes through, from coarse to fine, and bringing pictures to them."""

import itertools

from torch import Tensor
from torch.nn import functional as F

_FULL_STEPS = 300
"""Longer side in pixels up to which all steps are taken."""
_COARSEST = 110
"""The coarsest copy is the first whose longer side is at most this."""


def sides(longest: int) -> list[int]:
    """Longer sides from the coarsest to `longest`, each about twice the one before."""
    halves = itertools.accumulate(
        itertools.repeat(2), lambda side, _: round(side / 2), initial=longest
    )
    result: list[int] = []
    for side in halves:
        result.insert(0, side)
        if side <= _COARSEST:
            return result
    raise AssertionError("halving ends")


def steps_at(side: int, steps: int) -> int:
    """Number of steps a size gets when a small one gets `steps`: fewer where they cost more."""
    return max(1, round(steps * min(1.0, _FULL_STEPS / side)))


def resized(x: Tensor, height: int, width: int) -> Tensor:
    """Resize by means of areas when it gets smaller, bicubically when larger."""
    if x.shape[-2:] == (height, width):
        return x
    if height * width < x.shape[-2] * x.shape[-1]:
        return F.interpolate(x, (height, width), mode="area")
    return F.interpolate(x, (height, width), mode="bicubic", align_corners=False).clamp(0, 1)


def shrunk(x: Tensor, ratio: float) -> Tensor:
    """Shrink both sides by the same ratio, to at least 16 pixels each."""
    height, width = (max(16, round(side * ratio)) for side in x.shape[-2:])
    return resized(x, height, width)
