"""Errors of webhooks."""

from app.domain.errors import FacetError


class UnknownWebhookError(FacetError):
    slug = "unknown-webhook"


class TooManyWebhooksError(FacetError):
    slug = "too-many-webhooks"
