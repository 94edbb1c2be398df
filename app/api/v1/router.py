"""The routes of Facet's own wire format."""

from fastapi import APIRouter

from app.api.edge import Edge
from app.api.v1.console import sessions, settings
from app.api.v1.routes import (
    audit,
    collections,
    dates,
    events,
    faces,
    jobs,
    keys,
    models,
    operations,
    recognition,
    reencodings,
    sequences,
    styles,
    subjects,
    webhooks,
)
from app.api.v1.routes.duties import receipts, rights
from app.api.v1.routes.people import groups, negatives, representative, review, sightings
from app.api.v1.routes.upkeep import calibration, health

_RESOURCES = (
    recognition,
    sequences,
    dates,
    collections,
    subjects,
    faces,
    sightings,
    groups,
    review,
    negatives,
    representative,
    operations,
    events,
    health,
    calibration,
    webhooks,
    models,
    reencodings,
    styles,
    jobs,
    keys,
    audit,
    receipts,
    rights,
    sessions,
    settings,
)
"""In the order of the description."""


def router(edge: Edge) -> APIRouter:
    """The routes below /v1, over the edge."""
    v1 = APIRouter(prefix="/v1")
    for resource in _RESOURCES:
        v1.include_router(resource.router)
    return v1
