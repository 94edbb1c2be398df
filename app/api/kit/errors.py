"""Errors of the edge itself: of addresses, methods, origins and connections."""

from app.domain.errors import FacetError


class NotFoundError(FacetError):
    """No route has the path."""

    slug = "not-found"


class MethodNotAllowedError(FacetError):
    slug = "method-not-allowed"


class ForeignHostError(FacetError):
    """While auth is off: the name that was asked for is not this machine's."""

    slug = "foreign-host"


class ForeignOriginError(FacetError):
    """While auth is off: a page from elsewhere asks."""

    slug = "foreign-origin"


class UnsupportedMediaTypeError(FacetError):
    slug = "unsupported-media-type"


class RequestTimeoutError(FacetError):
    """Headers or body came too slowly."""

    slug = "request-timeout"


class HeadersTooLargeError(FacetError):
    slug = "headers-too-large"


class InvalidHttpError(FacetError):
    """What came is no request of HTTP."""

    slug = "invalid-http"


class InternalError(FacetError):
    """A fault of this program."""

    slug = "internal-error"
