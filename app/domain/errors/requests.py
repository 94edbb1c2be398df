"""Requests that are wrong in themselves, and those who may not make them."""

from typing import Self

from app.domain.errors import FacetError

# --- requests


class InvalidRequestError(FacetError):
    slug = "invalid-request"

    @classmethod
    def of_field(cls, field: str, what: str, hint: str) -> Self:
        """The error for one field: `what` is wrong with it. Told as schemas tell theirs."""
        return cls(f"{field} {what}.", hint=hint, errors=[{"field": field, "message": what}])


class InvalidJsonError(FacetError):
    slug = "invalid-json"


class InvalidBase64Error(FacetError):
    slug = "invalid-base64"


class InvalidCursorError(FacetError):
    slug = "invalid-cursor"


class InvalidThresholdError(FacetError):
    slug = "invalid-threshold"


class IdempotencyConflictError(FacetError):
    """The same Idempotency-Key came with a different request."""

    slug = "idempotency-conflict"


class RequestTooLargeError(FacetError):
    slug = "request-too-large"


# --- dates in texts


class NoDateError(FacetError):
    """The text holds no complete, possible date."""

    slug = "no-date"


class AmbiguousDateError(FacetError):
    """The text could mean several days, where only one may be stored."""

    slug = "ambiguous-date"


class NoAttentionError(FacetError):
    """A picture was asked for of what no network has looked at."""

    slug = "no-attention"


class TextTooLongError(FacetError):
    slug = "text-too-long"


# --- keys


class MissingKeyError(FacetError):
    slug = "missing-key"


class InvalidKeyError(FacetError):
    slug = "invalid-key"


class ExpiredKeyError(FacetError):
    slug = "expired-key"


class InsufficientScopeError(FacetError):
    slug = "insufficient-scope"


class LastAdminKeyError(FacetError):
    """Nobody could administer the service any more."""

    slug = "last-admin-key"


class RateExceededError(FacetError):
    """A key asks for more in a time than it may."""

    slug = "rate-exceeded"


class SessionEndedError(FacetError):
    """A browser was signed in, and is no longer."""

    slug = "session-ended"


class UnknownSessionError(FacetError):
    slug = "unknown-session"


class InvalidCsrfTokenError(FacetError):
    """A request by cookie does not show that it comes from the server's own page."""

    slug = "invalid-csrf-token"


class RevokedKeyError(FacetError):
    """A key that was revoked stays so."""

    slug = "revoked-key"


class UnknownKeyError(FacetError):
    """An operator named an API key that does not exist."""

    slug = "unknown-key"


# --- signed requests


class InvalidSignatureError(FacetError):
    """The signature is none, or not that of the request that came."""

    slug = "invalid-signature"


class ExpiredSignatureError(FacetError):
    """The request was signed too long ago, or by a clock that is ahead."""

    slug = "expired-signature"


class ReplayedRequestError(FacetError):
    """The same signed request came before."""

    slug = "replayed-request"


# --- other systems


class UnknownTargetError(FacetError):
    """The wire format has no operation of that name."""

    slug = "unknown-target"


class UnreadableObjectError(FacetError):
    """A stored object is not there, or not one that an operator lets requests name."""

    slug = "unreadable-object"
