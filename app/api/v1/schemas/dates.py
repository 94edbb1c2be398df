"""Texts with dates as clients send them."""

from pydantic import BaseModel, ConfigDict, Field

from app.services.dates import MAX_CHARACTERS, DateOptions


class DateRequest(BaseModel):
    """A text with dates in it."""

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
