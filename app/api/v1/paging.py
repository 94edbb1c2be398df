"""Opaque cursors for lists."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from app.answers.gallery import Page
from app.domain.errors.requests import InvalidCursorError

Cursor = Annotated[
    str | None, Query(description="`next_cursor` of the page before.", max_length=500)
]
Limit = Annotated[int, Query(ge=1, le=200, description="Items per page.")]
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
    if not (position.isascii() and position.isdigit() and len(position) < 19):
        raise _invalid()
    return int(position)


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


def _invalid() -> InvalidCursorError:
    return InvalidCursorError(
        "The cursor is not one that this list gave out.", hint="Leave it out to start anew."
    )
