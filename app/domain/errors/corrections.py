"""Errors of corrections and of undoing them."""

from app.domain.errors import FacetError


class UnknownOperationError(FacetError):
    slug = "unknown-operation"


class OperationUndoneError(FacetError):
    """An operation that was undone before cannot be undone."""

    slug = "operation-undone"


class OperationSupersededError(FacetError):
    """Faces or subjects of an operation were changed again since."""

    slug = "operation-superseded"
