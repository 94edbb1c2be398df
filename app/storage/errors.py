"""Driver errors become domain errors, with what to do and without any SQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.domain.errors import FacetError
from app.storage.dialects import meanings
from app.storage.dialects.table import DIALECTS

_ERRORS: tuple[type[Exception], ...] = (
    SQLAlchemyError,
    *(kind for one in DIALECTS.values() for kind in one.driver_errors),
)
"""Copies are made without SQLAlchemy, so drivers' own errors occur as well."""


@contextmanager
def domain_errors() -> Iterator[None]:
    """Raise what the block's database errors mean; errors nobody expects pass unchanged."""
    try:
        yield
    except _ERRORS as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise meaning from error


def _meaning(error: Exception) -> FacetError | None:
    if isinstance(error, PoolTimeoutError):
        return meanings.unavailable()
    cause = error.orig if isinstance(error, DBAPIError) else error
    for dialect in DIALECTS.values():
        if dialect.raised(cause):
            return dialect.meaning(error)
    return None
