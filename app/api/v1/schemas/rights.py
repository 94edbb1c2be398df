"""Changes to the rights of a subject, as clients send them."""

from typing import Annotated

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from app.domain.people.rights import Basis


def _instant(given: object) -> object:
    """The instant of a text, which a strict body does not read by itself.

    Refuses what would be taken for seconds since 1970.
    """
    try:
        if isinstance(given, str) and "-" in given[1:]:
            return _INSTANTS.validate_python(given, strict=False)
    except ValidationError:
        pass
    raise ValueError("Give a date and time as ISO 8601 writes them, with a time zone.")


_INSTANTS = TypeAdapter(AwareDatetime)
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]


class NewConsent(BaseModel):
    """A record of why the subject may be recognised."""

    model_config = ConfigDict(extra="forbid", strict=True)

    basis: Basis
    reference: str = Field(
        description="Where you keep what was signed, such as the number of a document.",
        min_length=1,
        max_length=200,
    )
    given_at: Instant | None = Field(None, description="Now, when left out.")
    expires_at: Instant | None = Field(None, description="From then on the subject is unmatched.")


class RightsChanges(BaseModel):
    """Changes; whatever is left out stays."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "consent": {
                        "basis": "consent",
                        "reference": "form 2026-114",
                        "expires_at": "2027-01-31T00:00:00Z",
                    }
                },
                {"restricted": True},
            ]
        },
    )

    consent: NewConsent | None = Field(
        None, description="A new record; null withdraws the one that there is."
    )
    restricted: bool = Field(False, description="Keep the subject, and use it for nothing.")
    keep_until: Instant | None = Field(
        None, description="The subject is erased then; null: never by itself."
    )
    keep_days: float | None = Field(
        None, gt=0, le=36_500, description="Days from now, instead of `keep_until`."
    )


class NewRetentionRun(BaseModel):
    """A run of retention to make as a job."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"limit": 1000}]}
    )

    limit: int | None = Field(None, ge=1, description="Subjects to erase at most; null: all.")
