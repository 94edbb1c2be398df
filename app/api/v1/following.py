"""Kept events as server-sent ones, read from the database: any process can tell them."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from fastapi.sse import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from app.answers.events import Event
from app.services.notifying.events import News
from models.errors import ReportedError

_INTERVAL = 0.5
"""Seconds between two looks."""
_KEY_INTERVAL = 3.0
"""Seconds between two looks at the follower's key."""
LONGEST = 3600
"""Seconds after which a follower has to come again, with a key that is still good."""


async def follow(
    begin: Callable[[], News],
    since: Callable[[int], News],
    closing: Callable[[], bool],
    check_key: Callable[[], None],
    seconds: int,
) -> AsyncIterator[ServerSentEvent]:
    """Yields events as they come, for so many seconds.

    `check_key` is asked every few seconds and raises when the follower's key has ended.
    """
    end = time.monotonic() + seconds
    next_check = time.monotonic() + _KEY_INTERVAL
    try:
        news = await run_in_threadpool(begin)
        yield _position(news)
        while not closing():
            news = await run_in_threadpool(since, news.position)
            if news.lost:
                yield _position(news)
            for event in news.events:
                yield ServerSentEvent(event=event.kind, data=Event.of(event), id=str(event.id))
            if time.monotonic() >= end:
                return
            if time.monotonic() >= next_check:
                await run_in_threadpool(check_key)
                next_check = time.monotonic() + _KEY_INTERVAL
            if not news.events:
                await asyncio.sleep(_INTERVAL)
    except ReportedError as error:  # revoked meanwhile, or the database is in trouble
        yield ServerSentEvent(event="problem", data={"code": error.slug, "detail": error.message})


def _position(news: News) -> ServerSentEvent:
    """The follower's place; its id is what to go on from when nothing else comes."""
    return ServerSentEvent(event="position", data={"lost": news.lost}, id=str(news.position))
