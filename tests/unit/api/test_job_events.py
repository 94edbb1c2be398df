"""A job's news as events: what is told when, and when the telling ends."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.sse import ServerSentEvent

from app.api.v1 import events
from app.domain.errors.jobs import UnknownJobError
from app.domain.errors.requests import InvalidKeyError
from app.domain.jobs import Job, JobFile, Progress

QUEUED = Job(
    id="job",
    kind="test",
    key_id="key",
    collection_id=None,
    parameters={},
    timeout=1,
    max_attempts=2,
    created_at=datetime(2024, 5, 1, tzinfo=UTC),
)
RUNNING = replace(QUEUED, state="running", attempts=1, version=2)
HALFWAY = replace(RUNNING, progress=Progress(0.5), version=3)
DONE = replace(HALFWAY, state="succeeded", version=5)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_INTERVAL", 0.001)


def reported(
    looks: Iterable[Any],
    version: int = 0,
    closing: Callable[[], bool] = lambda: False,
    check_key: Callable[[], None] = lambda: None,
) -> list[tuple[str | None, str | None]]:
    """(event, id) of all that is told while those are the jobs to be seen."""
    remaining = iter(looks)

    def news(_: int) -> tuple[Job, JobFile | None]:
        seen = next(remaining)
        if isinstance(seen, Exception):
            raise seen
        return seen if isinstance(seen, tuple) else (seen, None)

    async def collect() -> list[ServerSentEvent]:
        return [event async for event in events.follow(news, version, closing, check_key)]

    return [(event.event, event.id) for event in asyncio.run(collect())]


def test_only_changes_are_told() -> None:
    looks = [QUEUED, QUEUED, RUNNING, HALFWAY, HALFWAY, DONE]
    assert reported(looks) == [("state", "1"), ("state", "2"), ("progress", "3"), ("state", "5")]


def test_another_attempt_is_another_state() -> None:
    again = replace(RUNNING, attempts=2, version=4)
    assert reported([RUNNING, again, DONE]) == [("state", "2"), ("state", "4"), ("state", "5")]


def test_a_preview_is_told_before_what_names_the_version() -> None:
    looks = [RUNNING, (HALFWAY, JobFile("image/png", b"x")), DONE]
    assert reported(looks)[1:3] == [("preview", None), ("progress", "3")]


def test_what_is_known_is_not_told_again() -> None:
    assert reported([HALFWAY, DONE], version=3) == [("state", "5")]
    assert reported([DONE], version=5) == []


def test_a_stream_ends_with_the_server() -> None:
    ends = iter([False, False, True])
    assert reported([QUEUED] * 9, closing=lambda: next(ends)) == [("state", "1")]


def test_a_stream_ends_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_LONGEST", 0.0)
    assert reported([QUEUED]) == []


def test_trouble_ends_a_stream_with_its_name() -> None:
    assert reported([QUEUED, UnknownJobError("It is gone.")]) == [("state", "1"), ("problem", None)]


def test_the_news_end_with_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_KEY_INTERVAL", 0.0)

    def check() -> None:
        raise InvalidKeyError("The API key is not valid.")

    assert reported([QUEUED] * 5, check_key=check) == [("problem", None)]
