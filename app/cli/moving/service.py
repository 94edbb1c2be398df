"""A service that people are moved from, as far as it is read through HTTP."""

from typing import Any

import httpx

from app.domain.errors.pictures import ImageTooLargeError
from app.domain.errors.requests import InvalidRequestError

LONGEST_LIST = 8 * 2**20
"""Bytes of one page of a list."""
_SECONDS = 60.0


class Service:
    """Reads answers, never more than so many bytes.

    What cannot be read raises InvalidRequestError.
    """

    def __init__(self, name: str, url: str, headers: dict[str, str], hint: str) -> None:
        """`name` is what it is called in messages, `hint` what to do when it refuses."""
        if not url.startswith(("http://", "https://")):
            raise InvalidRequestError(
                "The address has to begin with http:// or https://.",
                hint="Name the server alone, such as http://server:8000.",
            )
        self._name, self._hint = name, hint
        self._http = httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=_SECONDS)

    def close(self) -> None:
        self._http.close()

    def read(self, path: str, most: int, **params: Any) -> bytes:
        """The body of an answer. Raises ImageTooLargeError for one that is longer."""
        try:
            with self._http.stream("GET", path, params=params) as answer:
                content = bytearray()
                for chunk in answer.iter_bytes():
                    content += chunk
                    if len(content) > most:
                        raise ImageTooLargeError(f"The answer has more than {most} bytes.")
        except httpx.HTTPError as error:
            raise InvalidRequestError(
                f"{self._name} does not answer: {error or type(error).__name__}.",
                hint="Look at the address, and do it again: what is there already stays.",
            ) from error
        if answer.status_code != 200:
            raise InvalidRequestError(
                f"{self._name} answers with status {answer.status_code}.", hint=self._hint
            )
        return bytes(content)

    def json(self, path: str, **params: Any) -> Any:
        """The JSON of an answer."""
        content = self.read(path, LONGEST_LIST, **params)
        try:
            return httpx.Response(200, content=content).json()
        except ValueError as error:
            raise self.stranger() from error

    def stranger(self) -> InvalidRequestError:
        """The error for an answer of something else."""
        return InvalidRequestError(f"What answers there is no {self._name}.", hint=self._hint)
