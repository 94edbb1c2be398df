"""Birth dates in subjects' metadata: written in any way, stored as ISO 8601."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.errors.requests import AmbiguousDateError, InvalidRequestError, NoDateError
from app.services.dates import DateOptions, Dates, refusals
from models.pipelines.dates.answers import DateReading, FoundDate

FIELD = "birth_date"


@dataclass(frozen=True, slots=True)
class StoredMetadata:
    """Metadata as they are kept."""

    metadata: dict[str, Any]
    calendar: str | None = None
    """By which the birth date was written, if it was read from a text."""


class BirthDates:
    """Rewrites the field `birth_date`; all other metadata stay as they are."""

    def __init__(self, dates: Dates) -> None:
        self._dates = dates

    def stored(self, metadata: Mapping[str, Any]) -> StoredMetadata:
        """Metadata as they are kept.

        ISO dates and null pass unchanged. A text, or an object of `text` and `locale`, is read.
        Raises NoDateError, AmbiguousDateError when the text has several days or when only a
        locale could tell which day is meant, TextTooLongError, UnknownLocaleError, and
        InvalidRequestError for any other value.
        """
        given = metadata.get(FIELD)
        if given is None:
            return StoredMetadata(dict(metadata))
        text, locale = _parts(given)
        if _is_iso(text):
            return StoredMetadata({**metadata, FIELD: text})
        found = self._read(text, locale)
        return StoredMetadata({**metadata, FIELD: found.date.isoformat()}, found.calendar)

    def _read(self, text: str, locale: str | None) -> FoundDate:
        try:
            reading = self._dates.read(text, DateOptions(locale))
        except NoDateError as error:
            raise NoDateError(
                f"metadata.{FIELD}: {error}",
                hint="Write YYYY-MM-DD, or a date with day, month and year.",
                **error.data,
            ) from error
        assert reading.answer is not None  # noqa: S101 (`Dates.read` has raised otherwise)
        if len(reading.days) > 1 or reading.refused:
            raise _several(reading)
        if reading.ambiguous and locale is None:
            days = sorted((reading.answer.date, *reading.other_readings))
            raise AmbiguousDateError(
                f"metadata.{FIELD} can mean several days.",
                hint='Write YYYY-MM-DD or the month\'s name, or {"text": …, "locale": …}.',
                readings=[day.isoformat() for day in days],
            )
        return reading.answer


def _several(reading: DateReading) -> AmbiguousDateError:
    return AmbiguousDateError(
        f"metadata.{FIELD} has more than one place that looks like a date.",
        hint="Send the date of birth alone, or YYYY-MM-DD.",
        readings=sorted(day.isoformat() for day in reading.days),
        dates=[
            {"date": d.date.isoformat(), "start": d.start, "end": d.end, "calendar": d.calendar}
            for d in reading.dates
        ],
        refused=refusals(reading.refused),
    )


def _parts(given: object) -> tuple[str, str | None]:
    if isinstance(given, str):
        return given, None
    if isinstance(given, Mapping) and given.keys() <= {"text", "locale"}:
        text, locale = given.get("text"), given.get("locale")
        if isinstance(text, str) and (locale is None or isinstance(locale, str)):
            return text, locale
    raise InvalidRequestError(
        f"metadata.{FIELD} must be a text, or an object of `text` and `locale`.",
        hint="Write YYYY-MM-DD.",
    )


def _is_iso(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
