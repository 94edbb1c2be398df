"""Options of commands that are moments."""

from datetime import UTC, datetime
from typing import Annotated

import typer

_FORMS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z"]

Since = Annotated[datetime | None, typer.Option(formats=_FORMS, help="From then on, UTC.")]
Until = Annotated[datetime | None, typer.Option(formats=_FORMS, help="Up to then, UTC.")]


def utc(given: datetime | None) -> datetime | None:
    """The moment in a zone: UTC unless one was given."""
    return given if given is None or given.tzinfo is not None else given.replace(tzinfo=UTC)
