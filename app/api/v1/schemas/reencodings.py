"""Re-encodings and renewals as clients order them."""

from pydantic import BaseModel, ConfigDict, Field


class NewReencoding(BaseModel):
    """The encoder that a collection is to change to."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"encoder": "facenet-resnet29@1"}]},
    )

    encoder: str = Field(description="Model key.", max_length=100)
    erase_left_out: bool = Field(
        False, description="Erase faces that cannot be encoded anew, instead of failing."
    )


class NewRenewal(BaseModel):
    """Nothing has to be said."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{}]})
