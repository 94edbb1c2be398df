"""A job's news as server-sent events, read from the database: any process can tell them."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from fastapi.sse import ServerSentEvent
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from app.answers.jobs import Job, JobProgress, Preview
from app.domain import jobs as domain
from app.domain.jobs import JobFile, is_settled
from models.errors import ReportedError

_INTERVAL = 0.25
"""Seconds between two looks."""
_KEY_INTERVAL = 3.0
"""Seconds between two looks at the follower's key."""
_LONGEST = 3600.0
"""Seconds after which a follower has to come again, with a key that is still good."""

News = Callable[[int], tuple[domain.Job, JobFile | None]]
"""The job as it is, and its preview if it is newer than that version of the job."""


async def follow(
    news: News, version: int, closing: Callable[[], bool], check_key: Callable[[], None]
) -> AsyncIterator[ServerSentEvent]:
    """Yields what has changed since `version`, as it changes; ends with the job, or when told to.

    `check_key` is asked every few seconds and raises when the follower's key has ended.
    """
    known: domain.Job | None = None
    end = time.monotonic() + _LONGEST
    next_check = time.monotonic() + _KEY_INTERVAL
    while not closing() and time.monotonic() < end:
        try:
            if time.monotonic() >= next_check:
                await run_in_threadpool(check_key)
                next_check = time.monotonic() + _KEY_INTERVAL
            job, preview = await run_in_threadpool(news, version)
        except ReportedError as error:  # erased or revoked meanwhile, or the database is in trouble
            yield ServerSentEvent(
                event="problem", data={"code": error.slug, "detail": error.message}
            )
            return
        if job.version > version:
            for event in _events(job, preview, known):
                yield event
            version, known = job.version, job
        if is_settled(job.state):
            return
        await asyncio.sleep(_INTERVAL)


def _events(
    job: domain.Job, preview: JobFile | None, known: domain.Job | None
) -> list[ServerSentEvent]:
    """Every one carries the whole of what it tells, so that none of them is missed badly."""
    shown: list[tuple[str, BaseModel]] = []
    if preview is not None:
        shown.append(("preview", Preview.of(preview, job.progress.fraction)))
    if known is None or (known.state, known.attempts) != (job.state, job.attempts):
        shown.append(("state", Job.of(job)))
    else:
        shown.append(("progress", JobProgress.of(job.progress)))
    # The last one alone names the version: a client that lost the connection before it asks
    # for all of them again.
    ids = [None] * (len(shown) - 1) + [str(job.version)]
    return [
        ServerSentEvent(event=name, data=data, id=version)
        for (name, data), version in zip(shown, ids, strict=True)
    ]
