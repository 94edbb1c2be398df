"""Opaque cursors for lists."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar

from fastapi import Query

from app.answers.gallery import Page
from app.domain.errors.requests import InvalidCursorError
from app.domain.people.sightings import Moment

Cursor = Annotated[
    str | None, Query(description="`next_cursor` of the page before.", max_length=500)
]
Limit = Annotated[int, Query(ge=1, le=200, description="Items per page.")]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END = 4 * 10**15
"""Microseconds since then, more than a hundred years from now; times of the cursor are less."""
Row = TypeVar("Row")
Item = TypeVar("Item")


def after(cursor: str | None) -> str | None:
    """The position a cursor stands for; raises InvalidCursorError."""
    if cursor is None:
        return None
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _invalid() from error
    if not isinstance(position, str) or "\0" in position or not position.isprintable():
        raise _invalid()
    return position


def after_number(cursor: str | None) -> int:
    """The same for lists ordered by a number."""
    position = after(cursor)
    if position is None:
        return 0
    if not _is_number(position):
        raise _invalid()
    return int(position)


def after_moment(cursor: str | None) -> Moment | None:
    """The same for lists ordered by the time at which faces were seen."""
    position = after(cursor)
    if position is None:
        return None
    at, _, sighting = position.partition(":")
    if not (_is_number(at) and _is_number(sighting) and int(at) < _END):
        raise _invalid()
    return Moment(_EPOCH + timedelta(microseconds=int(at)), int(sighting))


def moment_cursor(last: Moment) -> str:
    """The cursor that stands for a place in that order."""
    return next_cursor(f"{(last.at - _EPOCH) // timedelta(microseconds=1)}:{last.id}")


def page(
    rows: Sequence[Row],
    limit: int,
    item: Callable[[Row], Item],
    position: Callable[[Row], str],
) -> Page[Item]:
    """The first `limit` of the rows, of which one more was asked for."""
    shown = rows[:limit]
    following = next_cursor(position(shown[-1])) if len(rows) > limit else None
    return Page(items=[item(row) for row in shown], next_cursor=following)


def next_cursor(position: str) -> str:
    """The cursor that stands for a position."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def _is_number(position: str) -> bool:
    return position.isascii() and position.isdigit() and len(position) < 19


def _invalid() -> InvalidCursorError:
    return InvalidCursorError(
        "The cursor is not one that this list gave out.", hint="Leave it out to start anew."
    )
