"""Dates in free texts."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from app.domain.errors.requests import NoAttentionError, NoDateError, TextTooLongError
from app.services.ports.dates import DateReader
from models.pipelines.dates.answers import DateAttention, DateReading, RefusedDate

MAX_CHARACTERS = 1000
"""Of a text: what stands on identity papers is shorter. Every date of it is answered."""


@dataclass(frozen=True, slots=True)
class DateOptions:
    """Options of reading."""

    locale: str | None = None
    """Such as "de" or "pt-BR"; None leaves the order of ambiguous digits to what is usual."""
    beam_width: int = 5
    length_penalty: float = 0.6
    """The exponent alpha of T, the number of tokens, by which scores are divided."""


class Dates:
    """All dates of a text, or the reason why there is none."""

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
                hint="Send the dates with the few words around them.",
            )
        reading = self._reader.read(
            text,
            options.locale,
            beam_width=options.beam_width,
            length_penalty=options.length_penalty,
        )
        if reading.answer is None:
            raise _no_date(reading)
        return reading

    def picture(self, reading: DateReading) -> bytes:
        """The attention as a heat map, PNG. Raises NoAttentionError."""
        if reading.attention is None:
            raise NoAttentionError(
                "No network looked at the date: a calendar's rules converted it.",
                hint="Ask for JSON, which tells the calendar and the place.",
            )
        return self._draw(reading.attention)


def refusals(refused: Sequence[RefusedDate]) -> list[dict[str, object]]:
    """Places that look like dates and why no day comes of them, as errors tell them."""
    return [asdict(each) for each in refused]


def _no_date(reading: DateReading) -> NoDateError:
    if not reading.refused:
        return NoDateError(
            "The text holds no complete date of the years 1900 to 2099.",
            hint="Write day, month and year; day and year in digits.",
            no_date_probability=round(reading.no_date, 4),
        )
    return NoDateError(
        f"What looks like a date in the text gives no day: {reading.refused[0].detail}",
        hint="Write day, month and year in full, and the era if the year counts by another one.",
        no_date_probability=round(reading.no_date, 4),
        refused=refusals(reading.refused),
    )
