"""A body is read after access was granted, and only as long, as slow and as much as it may be."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.api.kit.body.intake import BodyIntake, BodyMemory, BodyPace, Intake
from app.api.kit.errors import RequestTimeoutError, UnsupportedMediaTypeError
from app.domain.errors.requests import RequestTooLargeError
from app.domain.errors.trouble import AbandonedRequestError, OverloadedError
from tests.fakes.loops import seconds_of

PACE = BodyPace(grace=0.1, rate=1000, seconds=0.5)
LENGTH = (b"content-length", b"10")
CHUNKED = (b"transfer-encoding", b"chunked")


def message(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


class Sender:
    """A client that sends so many bytes at a time, with a pause before each."""

    def __init__(self, *chunks: bytes, pause: float = 0, ends: bool = True) -> None:
        self._messages = [message(c, i < len(chunks) - 1 or not ends) for i, c in enumerate(chunks)]
        self._pause = pause
        self.asked = 0

    async def receive(self) -> dict[str, Any]:
        self.asked += 1
        await asyncio.sleep(self._pause)
        if self._messages:
            return self._messages.pop(0)
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")


def intake(
    sender: Sender, *headers: tuple[bytes, bytes], memory: BodyMemory | None = None
) -> Intake:
    scope = {"type": "http", "headers": headers or [CHUNKED]}
    made = Intake(scope, sender.receive, PACE, memory or BodyMemory(10**6))
    made.admitted = True
    return made


def test_a_body_is_its_chunks() -> None:
    assert asyncio.run(intake(Sender(b"ab", b"", b"cd")).read(4)) == b"abcd"


def test_nothing_is_read_before_access_is_granted() -> None:
    sender = Sender(b"ab")
    early = intake(sender)
    early.admitted = False
    with pytest.raises(RuntimeError, match="access"):
        asyncio.run(early.read(10))
    assert sender.asked == 0


def test_a_body_that_says_it_is_too_long_is_not_read() -> None:
    sender = Sender(b"x" * 10)
    with pytest.raises(RequestTooLargeError):
        asyncio.run(intake(sender, LENGTH).read(9))
    assert sender.asked == 0


def test_a_body_that_turns_out_too_long_is_not_read_to_its_end() -> None:
    sender = Sender(b"x" * 6, b"x" * 6, b"x" * 6)
    with pytest.raises(RequestTooLargeError):
        asyncio.run(intake(sender).read(10))
    assert sender.asked == 2


@pytest.mark.parametrize("sender", [Sender(), Sender(*[b"x"] * 60, pause=0.02)])
def test_a_body_that_comes_too_slowly_is_given_up(sender: Sender) -> None:
    async def scenario() -> None:
        with pytest.raises(RequestTimeoutError):
            await intake(sender).read(100)

    assert 0.08 < seconds_of(scenario()) < 0.4


def test_a_body_has_an_end_in_time_however_fast_it_comes() -> None:
    async def scenario() -> None:
        with pytest.raises(RequestTimeoutError):
            await intake(Sender(*[b"x" * 1000] * 100, pause=0.05)).read(10**6)

    assert 0.4 < seconds_of(scenario()) < 1


def test_a_client_that_goes_away_ends_the_reading() -> None:
    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    sender = Sender()
    sender.receive = gone  # type: ignore[method-assign]
    with pytest.raises(AbandonedRequestError):
        asyncio.run(intake(sender).read(10))


@pytest.mark.parametrize("encoding", [b"gzip", b"br", b"deflate, gzip", b"zstd"])
def test_an_encoded_body_is_refused_by_the_name_of_its_encoding(encoding: bytes) -> None:
    sender = Sender(b"x")
    with pytest.raises(UnsupportedMediaTypeError, match=encoding.decode()):
        asyncio.run(intake(sender, CHUNKED, (b"content-encoding", encoding)).read(10))
    assert sender.asked == 0


def test_identity_is_no_encoding() -> None:
    plain = (b"content-encoding", b"Identity")
    assert asyncio.run(intake(Sender(b"x"), CHUNKED, plain).read(10)) == b"x"


def test_all_bodies_share_a_memory_and_give_it_back() -> None:
    async def scenario() -> None:
        memory = BodyMemory(10)
        first = intake(Sender(b"x" * 6), memory=memory)
        await first.read(10)
        second = intake(Sender(b"x" * 4, b"x" * 2), memory=memory)
        with pytest.raises(OverloadedError):
            await second.read(10)
        second.release()
        first.release()
        assert len(await intake(Sender(b"x" * 10), memory=memory).read(10)) == 10

    asyncio.run(scenario())


def answered(sender: Sender, app: Callable[..., Awaitable[None]]) -> list[dict[str, Any]]:
    """What the client gets of the application behind the middleware."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append({**message, "asked": sender.asked})

    async def scenario() -> None:
        scope = {"type": "http", "headers": [LENGTH]}
        await BodyIntake(app, PACE, BodyMemory(100))(scope, sender.receive, send)

    asyncio.run(scenario())
    return sent


async def refuses(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 401, "headers": []})
    await send({"type": "http.response.body", "body": b"no"})


def test_an_answer_without_reading_ends_the_connection_after_what_is_on_its_way() -> None:
    start, body, end = answered(Sender(b"x" * 4, b"x" * 6), refuses)
    assert (b"connection", b"close") in start["headers"]
    assert (body["body"], body["more_body"], body["asked"]) == (b"no", True, 0)
    assert (end["body"], end["more_body"], end["asked"]) == (b"", False, 2)


def test_an_answer_after_reading_keeps_the_connection() -> None:
    async def reads(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass
        await refuses(scope, receive, send)

    start, body = answered(Sender(b"x" * 10), reads)
    assert start["headers"] == [] and body["body"] == b"no"
