"""Webhooks as clients send them."""

from pydantic import BaseModel, ConfigDict, Field

from app.domain.notifying.events import EVENT_KINDS, EventKind


class WebhookToAdd(BaseModel):
    """An address, and what it is told of."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [{"url": "https://example.org/facet", "kinds": ["recognized"]}]
        },
    )

    url: str = Field(description="Of http or https.", max_length=2_000)
    kinds: list[EventKind] = Field(
        default_factory=list,
        max_length=len(EVENT_KINDS),
        description="Every kind if none is given.",
    )
    collection: str | None = Field(
        None, max_length=63, description="Only events of this collection."
    )
