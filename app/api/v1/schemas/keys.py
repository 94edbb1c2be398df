"""API keys as administrators ask for them."""

from dataclasses import fields
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from app.domain.access.key_forms import KEY_FORMS, NATIVE
from app.domain.access.limits import MOST, KeyLimits
from app.domain.scopes import PRESETS, SCOPES
from app.services.keys import LIFETIME, OVERLAP

Scopes = Annotated[
    list[str],
    Field(
        min_length=1,
        max_length=len(SCOPES),
        description=f"{', '.join(SCOPES)}; presets: {', '.join(PRESETS)}.",
    ),
]


class _Lifetime(BaseModel):
    """The life of a key."""

    model_config = ConfigDict(extra="forbid", strict=True)

    days: float = Field(LIFETIME.days, gt=0, le=36_500, description="Until it expires.")
    no_expiry: bool = Field(False, description="It never expires.")

    @model_validator(mode="after")
    def _one_of_both(self) -> "_Lifetime":
        if self.no_expiry and "days" in self.model_fields_set:
            raise ValueError("`days` and `no_expiry` exclude each other.")
        return self

    @property
    def lifetime(self) -> timedelta | None:
        return None if self.no_expiry else timedelta(days=self.days)


class NewKey(_Lifetime):
    """A key to make."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "entrance", "scopes": ["door"], "collection": "staff"}]
        },
    )

    name: str = Field(min_length=1, max_length=200, description="What it is for.")
    scopes: Scopes | None = None
    collection: str | None = Field(
        None, max_length=63, description="Name of the one to bind it to."
    )
    form: str = Field(
        NATIVE.name,
        max_length=40,
        description=f"Clients that send it: {', '.join(KEY_FORMS)}. Without `scopes` it has "
        "those that its clients usually need.",
    )


class Rotation(_Lifetime):
    """A new secret for a key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"overlap_hours": 24}]})

    overlap_hours: float = Field(
        OVERLAP / timedelta(hours=1),
        ge=0,
        le=90 * 24,
        description="In which the secret before is taken, too, unless it would have expired.",
    )


_LIMITS: dict[str, Any] = {
    each.name: (each.type, Field(None, ge=1, le=MOST, description=each.metadata["description"]))
    for each in fields(KeyLimits)
}
LimitChanges: type[BaseModel] = create_model(
    "LimitChanges",
    __doc__="Limits to change; whatever is left out stays, and null takes one away.",
    __config__=ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"requests_per_second": 10, "pictures_per_second": 20}]},
    ),
    **_LIMITS,
)
