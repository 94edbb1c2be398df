"""What a date reader answers."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One finished hypothesis of the beam."""

    date: date
    score: float
    """Sum of the log-probabilities of its tokens, divided by T^alpha; what the beam ranks by."""
    probability: float
    """Product of the probabilities of its tokens."""
    supported: bool
    """Whether the text holds its day, month and year (`models.pipelines.date_forms.supports`)."""


@dataclass(frozen=True, slots=True, eq=False)
class DateAttention:
    """Which characters the decoder looked at while it wrote each digit."""

    rows: tuple[str, ...]
    """The eight digits, or nothing but the end, which is "∎"."""
    columns: tuple[str, ...]
    """First the locale that was told, or "–"; then the characters of the normalised text."""
    weights: NDArray[np.float32]
    """(rows, columns); each row sums to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class DateReading:
    """The date in a text, or none, and how the network came to it."""

    text: str
    """Normalised."""
    locale: str | None
    """The one the network was told."""
    answer: DateCandidate | None
    """None where the text holds no date, or none that the network is sure enough of."""
    other_readings: tuple[date, ...]
    """Days that the digits could just as well mean, by the calendar alone."""
    no_date: float
    """Probability that the text holds no date."""
    candidates: tuple[DateCandidate, ...]
    """Best score first."""
    attention: DateAttention
    """Of the answer; without one, of the best hypothesis."""

    @property
    def ambiguous(self) -> bool:
        """Whether the digits could just as well mean another day than the answer."""
        return bool(self.other_readings)
