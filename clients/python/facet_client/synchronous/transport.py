"""Sending of requests, again where that helps.

Made of `facet_client/asynchronous` by `python -m deploy.clients.python`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import httpx
from pydantic import BaseModel

from facet_client.failures import UnreachableError
from facet_client.requests import Request, checked, failure, parsed
from facet_client.retries import PASSING, Retries, pause

Model = TypeVar("Model", bound=BaseModel)


class Sender:
    """Sends requests and reads answers."""

    def __init__(self, http: httpx.Client, retries: Retries) -> None:
        self._http, self._retries = http, retries

    def send(self, request: Request) -> httpx.Response:
        """The answer, a success. Raises FacetError and UnreachableError.

        What passes is tried again: 429 and 503, and lost connections where that does no harm.
        """
        tried = 0
        while True:
            tried += 1
            response, lost = self._once(request)
            if response is not None and response.status_code not in PASSING:
                return checked(response)
            after = None if response is None else response.headers.get("retry-after")
            wait = self._retries.delay(tried, after)
            if wait is None or (response is None and not request.repeatable):
                if response is not None:
                    return checked(response)
                raise UnreachableError(str(lost) or type(lost).__name__) from lost
            pause(wait)

    def ask(self, model: type[Model], request: Request) -> Model:
        """The answer as the model. Raises what `send` raises."""
        return parsed(model, self.send(request))

    @contextmanager
    def stream(self, request: Request) -> Iterator[httpx.Response]:
        """The answer while it comes. Raises FacetError and UnreachableError; is not repeated."""
        try:
            with self._http.stream(**request.arguments(), timeout=None) as response:
                if not response.is_success:
                    raise failure(response.status_code, response.read())
                yield response
        except httpx.TransportError as error:
            raise UnreachableError(str(error) or type(error).__name__) from error

    def _once(self, request: Request) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return self._http.request(**request.arguments()), None
        except httpx.TransportError as error:
            return None, error
