"""The protocol of what reading dates needs from vision."""

from typing import Protocol

from models.pipelines.dates.answers import DateReading


class DateReader(Protocol):
    """Reads the dates in a text."""

    def read(
        self, text: str, locale: str | None, *, beam_width: int, length_penalty: float
    ) -> DateReading:
        """Raises UnknownLocaleError."""
