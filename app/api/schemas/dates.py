"""Dates in texts as clients send and see them."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.services.dates import MAX_CHARACTERS, DateOptions
from models.pipelines.date_answers import DateCandidate, DateReading


class DateRequest(BaseModel):
    """A text with a date in it."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"text": "né le 14 juillet 1989", "locale": "fr"}]},
    )

    text: str = Field(description=f"Up to {MAX_CHARACTERS} characters.")
    locale: str | None = Field(
        None,
        max_length=40,
        description="Such as `de` or `pt-BR`. It decides what 03/04/2005 means; without one, the "
        "most usual order does.",
    )
    beam_width: int = Field(5, ge=1, le=10, description="1 decodes greedily.")
    length_penalty: float = Field(
        0.6, ge=0, le=2, description="Scores are log-probabilities over T to this power."
    )

    def options(self) -> DateOptions:
        return DateOptions(self.locale, self.beam_width, self.length_penalty)


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
    """What the network looked at: a row per digit of the date, a column per character."""

    rows: list[str]
    columns: list[str] = Field(description="The locale it was told, then the normalised text.")
    weights: list[list[float]] = Field(description="Each row sums to 1.")


class DateAnswer(BaseModel):
    """The date in a text."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "date": "1989-07-14",
                    "score": -0.0002,
                    "probability": 0.999,
                    "ambiguous": False,
                    "other_readings": [],
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
    score: float
    probability: float
    ambiguous: bool = Field(description="Whether the digits could just as well mean another day.")
    other_readings: list[str] = Field(description="The days that they could mean, ISO 8601.")
    locale: str | None = Field(description="The one it was read in.")
    text: str = Field(description="Normalised.")
    candidates: list[Candidate] = Field(description="Best score first.")
    attention: Attention

    @classmethod
    def of(cls, reading: DateReading) -> Self:
        answer, seen = reading.answer, reading.attention
        if answer is None:
            raise ValueError("a reading without an answer is no answer")
        return cls(
            **Candidate.of(answer).model_dump(exclude={"supported"}),
            ambiguous=reading.ambiguous,
            other_readings=[day.isoformat() for day in reading.other_readings],
            locale=reading.locale,
            text=reading.text,
            candidates=[Candidate.of(candidate) for candidate in reading.candidates],
            attention=Attention(
                rows=list(seen.rows),
                columns=list(seen.columns),
                weights=[[round(float(w), 5) for w in row] for row in seen.weights],
            ),
        )
