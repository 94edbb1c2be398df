"""Answers of a date reader."""

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One finished hypothesis of the beam."""

    date: datetime.date
    score: float
    """Sum of the log-probabilities of its tokens, divided by T^alpha; what the beam ranks by."""
    probability: float
    """Product of the probabilities of its tokens."""
    supported: bool
    """Whether one place of the text holds its day, month and year."""


@dataclass(frozen=True, slots=True, eq=False)
class DateAttention:
    """Weights of the characters that the decoder looked at while it wrote each digit."""

    rows: tuple[str, ...]
    """The eight digits, or nothing but the end, which is "∎"."""
    columns: tuple[str, ...]
    """The locale that was given first, or "–"; then the characters of the normalized text."""
    weights: NDArray[np.float32]
    """(rows, columns); each row sums to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundDate:
    """A date in a text."""

    date: datetime.date
    start: int
    end: int
    """Place in the text as it was given, in code points, end excluded."""
    calendar: str
    """Calendar that it is written by (`models.pipelines.dates.calendars.gregorian.Calendar`)."""
    other_readings: tuple[datetime.date, ...]
    """Days that its digits could just as well mean, by the calendar alone."""
    candidates: tuple[DateCandidate, ...] = ()
    """Best score first; none where rules alone have read it."""
    chosen: DateCandidate | None = None
    """Answer of the network; None where rules alone have read it."""


@dataclass(frozen=True, slots=True)
class RefusedDate:
    """A place in a text that looks like a date, of which no day comes."""

    start: int
    end: int
    """Place in the text as it was given, in code points, end excluded."""
    calendar: str
    reason: str
    """A slug: "no-such-day", "outside-era", "year-unclear", "year-out-of-range",
    "calendar-not-supported", "calendars-disagree", "years-disagree", "month-unclear" or
    "unlikely"."""
    detail: str


@dataclass(frozen=True, slots=True, eq=False)
class DateReading:
    """The dates in a text, or none, and how the network came to the first."""

    text: str
    """Normalized."""
    locale: str | None
    """Locale that the network was given."""
    dates: tuple[FoundDate, ...]
    """Dates in their order in the text; one day may stand there several times."""
    refused: tuple[RefusedDate, ...]
    """Refused places in their order in the text."""
    no_date: float
    """Probability that the first date's place, or the text's first 1,000 characters, hold none."""
    attention: DateAttention | None
    """Attention of the answer, or of the best hypothesis; None where rules alone have read."""

    @property
    def answer(self) -> FoundDate | None:
        """The first date of the text."""
        return self.dates[0] if self.dates else None

    @property
    def days(self) -> tuple[datetime.date, ...]:
        """The different days of the text, in their order in it."""
        return tuple(dict.fromkeys(found.date for found in self.dates))

    @property
    def other_readings(self) -> tuple[datetime.date, ...]:
        """Days that the digits of the answer could just as well mean."""
        return self.dates[0].other_readings if self.dates else ()

    @property
    def ambiguous(self) -> bool:
        """Whether another day could be meant than the answer.

        So it is when digits have several readings, when several days stand in the text, and
        when a place that looks like another date could not be read.
        """
        several = len(self.days) > 1 or any(found.other_readings for found in self.dates)
        return several or bool(self.dates and self.refused)
