"""Orders about the upkeep of a gallery, as clients send them."""

from pydantic import BaseModel, ConfigDict, Field

from app.services.people.health import LISTED, MOST_LISTED


class NewCalibration(BaseModel):
    """A calibration to make as a job."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{}]})


class AcceptedCalibration(BaseModel):
    """The proposed calibration that is accepted."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"calibration_id": "019a0c0f5b7c0123456789abcdef0123"}]},
    )

    calibration_id: str = Field(max_length=64, description="Of the proposed one that was seen.")


class NewHealthCheck(BaseModel):
    """A health check to make as a job."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"limit": 100}]}
    )

    limit: int = Field(LISTED, ge=1, le=MOST_LISTED, description="Findings of a kind to list.")
