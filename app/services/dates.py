"""Dates in free texts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.domain.errors.requests import NoDateError, TextTooLongError
from models.pipelines.date_answers import DateAttention, DateReading

MAX_CHARACTERS = 200
"""Of a text, before and after normalisation; a date with what stands around it is far shorter."""


class DateReader(Protocol):
    """Reads the date in a text."""

    def read(
        self, text: str, locale: str | None, *, beam_width: int, length_penalty: float
    ) -> DateReading:
        """Raises UnknownLocaleError."""
        ...


@dataclass(frozen=True, slots=True)
class DateOptions:
    """How to read."""

    locale: str | None = None
    """Such as "de" or "pt-BR"; None leaves the order of ambiguous digits to what is usual."""
    beam_width: int = 5
    length_penalty: float = 0.6
    """The exponent alpha of T, the number of tokens, by which scores are divided."""


class Dates:
    """One date per text, or none."""

    def __init__(self, reader: DateReader, draw: Callable[[DateAttention], bytes]) -> None:
        self._reader, self._draw = reader, draw

    def read(self, text: str, options: DateOptions | None = None) -> DateReading:
        """A reading with an answer.

        Raises NoDateError, TextTooLongError and UnknownLocaleError.
        """
        options = options or DateOptions()
        if len(text) > MAX_CHARACTERS:
            raise TextTooLongError(
                f"The text has {len(text)} characters; {MAX_CHARACTERS} are allowed.",
                hint="Send the date with the few words around it.",
            )
        reading = self._reader.read(
            text,
            options.locale,
            beam_width=options.beam_width,
            length_penalty=options.length_penalty,
        )
        if reading.answer is None:
            raise NoDateError(
                "The text holds no complete date of the years 1900 to 2099.",
                hint="Write day, month and year; day and year in digits.",
                no_date_probability=round(reading.no_date, 4),
            )
        return reading

    def picture(self, reading: DateReading) -> bytes:
        """The attention as a heat map, PNG."""
        return self._draw(reading.attention)
