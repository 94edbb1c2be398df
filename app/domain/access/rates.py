"""Usage of a rate."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Usage of a limit in the present window."""

    granted: bool
    remaining: int
    seconds: float
    """Until it is counted anew."""
