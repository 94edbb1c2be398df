"""Errors of the edge itself: of addresses, methods, origins and connections."""

from app.domain.errors import FacetError


class NotFoundError(FacetError):
    """No route has the path."""

    slug = "not-found"


class MethodNotAllowedError(FacetError):
    slug = "method-not-allowed"


class ForeignHostError(FacetError):
    """The name that was asked for is not this machine's, while auth is off."""

    slug = "foreign-host"


class ForeignOriginError(FacetError):
    """A page from elsewhere asks, while auth is off."""

    slug = "foreign-origin"


class UnsupportedMediaTypeError(FacetError):
    slug = "unsupported-media-type"


class RequestTimeoutError(FacetError):
    """Headers or body came too slowly."""

    slug = "request-timeout"


class HeadersTooLargeError(FacetError):
    slug = "headers-too-large"


class InvalidHttpError(FacetError):
    """The bytes that came are no request of HTTP."""

    slug = "invalid-http"


class InternalError(FacetError):
    """A fault of this program."""

    slug = "internal-error"
