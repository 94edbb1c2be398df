"""A run of training, whatever it trains."""

from dataclasses import dataclass


@dataclass(slots=True)
class Best:
    """The best measurement so far."""

    score: float = float("inf")
    step: int = 0
    misses: int = 0
    """Measurements since."""
