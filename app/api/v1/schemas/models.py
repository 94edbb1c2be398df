"""Weights as clients ask for them."""

from pydantic import BaseModel, ConfigDict, Field


class NewPull(BaseModel):
    """Acceptance of the terms of weights."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"accept_licence": True}]}
    )

    accept_licence: bool = Field(
        False, description="Needed where a licence restricts the use; see the model's `terms`."
    )
