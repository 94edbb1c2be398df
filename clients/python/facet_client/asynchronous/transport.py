"""Sending of requests, again where that helps."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx
from pydantic import BaseModel

from facet_client.failures import UnreachableError
from facet_client.requests import Request, checked, failure, parsed
from facet_client.retries import PASSING, Retries, pause_async

Model = TypeVar("Model", bound=BaseModel)


class Sender:
    """Sends requests and reads answers."""

    def __init__(self, http: httpx.AsyncClient, retries: Retries) -> None:
        self._http, self._retries = http, retries

    async def send(self, request: Request) -> httpx.Response:
        """The answer, a success. Raises FacetError and UnreachableError.

        What passes is tried again: 429 and 503, and lost connections where that does no harm.
        """
        tried = 0
        while True:
            tried += 1
            response, lost = await self._once(request)
            if response is not None and response.status_code not in PASSING:
                return checked(response)
            after = None if response is None else response.headers.get("retry-after")
            wait = self._retries.delay(tried, after)
            if wait is None or (response is None and not request.repeatable):
                if response is not None:
                    return checked(response)
                raise UnreachableError(str(lost) or type(lost).__name__) from lost
            await pause_async(wait)

    async def ask(self, model: type[Model], request: Request) -> Model:
        """The answer as the model. Raises what `send` raises."""
        return parsed(model, await self.send(request))

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[httpx.Response]:
        """The answer while it comes. Raises FacetError and UnreachableError; is not repeated."""
        try:
            async with self._http.stream(**request.arguments(), timeout=None) as response:
                if not response.is_success:
                    raise failure(response.status_code, await response.aread())
                yield response
        except httpx.TransportError as error:
            raise UnreachableError(str(error) or type(error).__name__) from error

    async def _once(
        self, request: Request
    ) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return await self._http.request(**request.arguments()), None
        except httpx.TransportError as error:
            return None, error
