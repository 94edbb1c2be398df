"""Errors of sightings and of their groups."""

from app.domain.errors import FacetError


class UnknownSightingError(FacetError):
    slug = "unknown-sighting"


class UnknownGroupError(FacetError):
    slug = "unknown-group"
