"""Dates in texts as clients see them."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from models.pipelines.dates.answers import (
    DateAttention,
    DateCandidate,
    DateReading,
    FoundDate,
    RefusedDate,
)
from models.pipelines.dates.calendars.gregorian import Calendar


class Candidate(BaseModel):
    """A date that the beam search ended with."""

    date: str = Field(description="ISO 8601.")
    score: float = Field(description="Sum of log-probabilities over T^length_penalty.")
    probability: float
    supported: bool = Field(description="Whether its day, month and year stand in the text.")

    @classmethod
    def of(cls, candidate: DateCandidate) -> Self:
        return cls(
            date=candidate.date.isoformat(),
            score=candidate.score,
            probability=candidate.probability,
            supported=candidate.supported,
        )


class Attention(BaseModel):
    """Attention of the network: a row per digit of the date, a column per character."""

    rows: list[str]
    columns: list[str] = Field(description="The locale it was told, then the normalised text.")
    weights: list[list[float]] = Field(description="Each row sums to 1.")

    @classmethod
    def of(cls, seen: DateAttention | None) -> Self:
        if seen is None:
            return cls(rows=[], columns=[], weights=[])
        return cls(
            rows=list(seen.rows),
            columns=list(seen.columns),
            weights=[[round(float(w), 5) for w in row] for row in seen.weights],
        )


class PlacedDate(BaseModel):
    """A date and where it stands."""

    date: str = Field(description="ISO 8601.")
    start: int = Field(description="Of its place in the text as it was sent, in code points.")
    end: int = Field(description="The first code point after it.")
    calendar: Calendar = Field(description="By which it is written, by its name in the CLDR.")
    read_by: Literal["network", "calendar"] = Field(
        description="`calendar` where rules alone have converted it."
    )
    probability: float = Field(description="1 where rules alone have converted it.")
    other_readings: list[str] = Field(description="Days its digits could just as well mean.")

    @classmethod
    def of(cls, found: FoundDate) -> Self:
        return cls(
            date=found.date.isoformat(),
            start=found.start,
            end=found.end,
            calendar=found.calendar,
            read_by="calendar" if found.chosen is None else "network",
            probability=_chosen(found).probability,
            other_readings=[day.isoformat() for day in found.other_readings],
        )


class RefusedPlace(BaseModel):
    """A place that looks like a date, and why no day comes of it."""

    start: int = Field(description="In the text as it was sent, in code points.")
    end: int
    calendar: str
    reason: str = Field(description="A slug, such as `outside-era` or `no-such-day`.")
    detail: str

    @classmethod
    def of(cls, refused: RefusedDate) -> Self:
        return cls(
            start=refused.start,
            end=refused.end,
            calendar=refused.calendar,
            reason=refused.reason,
            detail=refused.detail,
        )


class DateAnswer(BaseModel):
    """The dates in a text; what is not in `dates` is about the first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "date": "1989-07-14",
                    "score": -0.0002,
                    "probability": 0.999,
                    "calendar": "gregorian",
                    "ambiguous": False,
                    "other_readings": [],
                    "dates": [
                        {
                            "date": "1989-07-14",
                            "start": 6,
                            "end": 21,
                            "calendar": "gregorian",
                            "read_by": "network",
                            "probability": 0.999,
                            "other_readings": [],
                        }
                    ],
                    "refused": [],
                    "locale": "fr",
                    "text": "ne le 14 juillet 1989",
                    "candidates": [
                        {
                            "date": "1989-07-14",
                            "score": -0.0002,
                            "probability": 0.999,
                            "supported": True,
                        }
                    ],
                    "attention": {"rows": ["1"], "columns": ["fr", "1"], "weights": [[0.1, 0.9]]},
                }
            ]
        }
    )

    date: str = Field(description="ISO 8601.")
    score: float = Field(description="0 where the calendar's rules alone have read the date.")
    probability: float = Field(description="1 where the calendar's rules alone have read the date.")
    calendar: Calendar = Field(description="By which the date is written.")
    ambiguous: bool = Field(
        description="Whether another day can be meant: digits have several readings, several "
        "days stand in the text, or a place that looks like a date could not be read."
    )
    other_readings: list[str] = Field(description="The days its digits could mean, ISO 8601.")
    dates: list[PlacedDate] = Field(description="All of the text, in their order in it.")
    refused: list[RefusedPlace] = Field(description="What looks like a date and gives no day.")
    locale: str | None = Field(description="The one it was read in.")
    text: str = Field(description="Normalised.")
    candidates: list[Candidate] = Field(description="Best score first.")
    attention: Attention = Field(
        description="Empty where the calendar's rules alone have read the date."
    )

    @classmethod
    def of(cls, reading: DateReading) -> Self:
        answer = reading.answer
        if answer is None:
            raise ValueError("a reading without an answer is no answer")
        best = _chosen(answer)
        return cls(
            **Candidate.of(best).model_dump(exclude={"supported"}),
            calendar=answer.calendar,
            ambiguous=reading.ambiguous,
            other_readings=[day.isoformat() for day in reading.other_readings],
            dates=[PlacedDate.of(found) for found in reading.dates],
            refused=[RefusedPlace.of(refused) for refused in reading.refused],
            locale=reading.locale,
            text=reading.text,
            candidates=[Candidate.of(each) for each in answer.candidates or (best,)],
            attention=Attention.of(reading.attention),
        )


def _chosen(found: FoundDate) -> DateCandidate:
    """Return the network's answer, or the certainty of a calendar's rules."""
    return found.chosen or DateCandidate(found.date, score=0.0, probability=1.0, supported=True)
