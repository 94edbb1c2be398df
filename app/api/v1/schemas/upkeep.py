"""Orders about the upkeep of a gallery, as clients send them."""

from pydantic import BaseModel, ConfigDict, Field

from app.services.people.health import LISTED, MOST_LISTED


class NewHealthCheck(BaseModel):
    """A health check to make as a job."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"limit": 100}]}
    )

    limit: int = Field(LISTED, ge=1, le=MOST_LISTED, description="Findings of a kind to list.")
