"""Request bodies on their way in: after access is granted, within a size, a time and a memory."""

import asyncio
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.kit.errors import RequestTimeoutError, UnsupportedMediaTypeError
from app.domain.errors.requests import RequestTooLargeError
from app.domain.errors.trouble import AbandonedRequestError, OverloadedError

_KEY = "facet.intake"
_LINGER = 10.0
"""Seconds in which a client may finish sending what nobody reads, to be able to read the answer."""
_SILENCE = 2.0
"""Seconds of them without a byte."""


@dataclass(frozen=True, slots=True)
class BodyPace:
    """The pace at which a body has to arrive."""

    grace: float
    """Seconds before the rate is asked for."""
    rate: int
    """Bytes per second, on average from then on."""
    seconds: float
    """Until the whole of it is there."""

    def allowed(self, received: int) -> float:
        """Seconds that a body of which so many bytes are there may have taken so far."""
        return min(self.seconds, self.grace + received / self.rate)


class BodyMemory:
    """The bytes of all bodies that a process holds. Belongs to one event loop."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> None:
        """Count so many bytes more. Raises OverloadedError when they do not fit."""
        if size > self._left:
            raise OverloadedError(
                "The bodies of other requests take all the memory there is for them.",
                hint="Try again after the time in Retry-After.",
            )
        self._left -= size

    def give_back(self, size: int) -> None:
        self._left += size


class Intake:
    """One request's body, which nobody reads before access is granted."""

    def __init__(self, scope: Scope, receive: Receive, pace: BodyPace, memory: BodyMemory) -> None:
        self.admitted = False
        self._headers = Headers(scope=scope)
        self._receive, self._pace, self._memory = receive, pace, memory
        self._held = 0
        declared = self._headers.get("content-length", "0")
        self._declared = int(declared) if declared.isdecimal() else 0
        self._ended = not self._declared and "transfer-encoding" not in self._headers

    @classmethod
    def of(cls, request: Request) -> "Intake":
        found: Intake = request.scope[_KEY]
        return found

    @property
    def ended(self) -> bool:
        """True when nothing is left to come."""
        return self._ended

    def check(self, most: int) -> None:
        """Raise the errors of `read` as far as the headers tell, and RuntimeError too early."""
        if not self.admitted:
            raise RuntimeError("a body is read after access has been granted, never before")
        if self._declared > most:
            raise _too_large(most)
        self._check_encoding()

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self._ended = True
        return message

    async def read(self, most: int) -> bytearray:
        """The whole body of up to so many bytes.

        Raises RequestTooLargeError, RequestTimeoutError, UnsupportedMediaTypeError for encodings
        of the content, OverloadedError, and AbandonedRequestError when the client goes away.
        """
        self.check(most)
        body = bytearray()
        start = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(start + self._pace.allowed(0)) as end:
                while not self._ended:
                    message = await self.receive()
                    if message["type"] == "http.disconnect":
                        raise AbandonedRequestError("The client has gone away.")
                    chunk = message.get("body", b"")
                    if len(body) + len(chunk) > most:
                        raise _too_large(most)
                    self._memory.take(len(chunk))
                    self._held += len(chunk)
                    body += chunk
                    end.reschedule(start + self._pace.allowed(len(body)))
        except TimeoutError as error:
            raise RequestTimeoutError(
                f"The request's body came too slowly: {len(body)} bytes of it are there.",
                hint=f"Send at least {self._pace.rate} bytes a second, and all of it within "
                f"{self._pace.seconds:g} seconds.",
            ) from error
        return body

    def release(self) -> None:
        """Tell that the body is no longer held."""
        self._memory.give_back(self._held)
        self._held = 0

    def _check_encoding(self) -> None:
        encoding = self._headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", ""):
            raise UnsupportedMediaTypeError(
                f"Bodies with the Content-Encoding {encoding[:40]!r} are not taken.",
                hint="Send the body as it is, without compressing it.",
            )


class BodyIntake:
    """ASGI middleware that gives each request its `Intake`.

    An answer to a request whose body was not read ends the connection. Before that, what the
    client still sends is thrown away for a while: closed at once, it might never see the answer.
    """

    def __init__(self, app: ASGIApp, pace: BodyPace, memory: BodyMemory) -> None:
        self._app, self._pace, self._memory = app, pace, memory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        intake = scope[_KEY] = Intake(scope, receive, self._pace, self._memory)
        unread = False

        async def answer(message: Message) -> None:
            nonlocal unread
            if message["type"] == "http.response.start" and not intake.ended:
                unread = True
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            if not unread or message["type"] != "http.response.body" or message.get("more_body"):
                return await send(message)
            await send({**message, "more_body": True})
            await _discard(intake)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        try:
            await self._app(scope, intake.receive, answer)
        finally:
            intake.release()


async def _discard(intake: Intake) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + _LINGER
    try:
        async with asyncio.timeout(_SILENCE) as silence:
            while not intake.ended:
                await intake.receive()
                silence.reschedule(min(end, loop.time() + _SILENCE))
    except TimeoutError:
        return


def _too_large(most: int) -> RequestTooLargeError:
    return RequestTooLargeError(
        f"The request's body has more than {most} bytes, which are all that is taken here.",
        hint="Send less, or in several requests.",
        limit=most,
    )
