"""CompreFace as a source: its subjects and the pictures that it keeps of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx

from app.domain.errors.pictures import EmptyImageError, ImageTooLargeError
from app.domain.errors.requests import InvalidRequestError
from app.services.enrolling.importing import ImportItem

_FACES = "/api/v1/recognition/faces"
_PAGE = 100
_SECONDS = 60.0
_LONGEST_LIST = 8 * 2**20
"""Bytes of one page of the list."""


@dataclass(frozen=True, slots=True)
class _Kept:
    image_id: str
    subject: str


class CompreFace:
    """A recognition service of CompreFace, read through its API.

    What cannot be read of it raises InvalidRequestError; of one picture, when that is read.
    """

    def __init__(self, url: str, key: str, largest: int) -> None:
        """`url` is the server's, without /api; `largest` are the bytes of a picture."""
        if not url.startswith(("http://", "https://")):
            raise InvalidRequestError(
                "The address has to begin with http:// or https://.",
                hint="Name the server alone, such as http://compreface:8000.",
            )
        self._largest = largest
        self._http = httpx.Client(
            base_url=url.rstrip("/"), headers={"x-api-key": key}, timeout=_SECONDS
        )

    def close(self) -> None:
        self._http.close()

    def count(self) -> int:
        """The number of pictures that the service says it has."""
        return int(self._page(0)[1])

    def items(self) -> Iterator[ImportItem]:
        """Every picture with the name of its subject; each is fetched when it is read."""
        number, pages = 0, 1
        while number < pages:
            faces, _, pages = self._page(number)
            for one in faces:
                yield ImportItem(one.image_id, one.subject, partial(self.image, one.image_id))
            number += 1

    def image(self, image_id: str) -> bytes:
        """The kept picture. Raises EmptyImageError where none is kept, ImageTooLargeError."""
        content = self._get(f"{_FACES}/{quote(image_id, safe='')}/img", {}, self._largest)
        if not content:
            raise EmptyImageError(
                "CompreFace keeps no picture of this face.",
                hint="With `save_images_to_db=false` it keeps none. Enroll from your originals.",
            )
        return content

    def _page(self, number: int) -> tuple[list[_Kept], int, int]:
        """The faces of a page, the number of all faces and of pages."""
        content = self._get(_FACES, {"page": number, "size": _PAGE}, _LONGEST_LIST)
        try:
            answer = httpx.Response(200, content=content).json()
            faces = [_Kept(str(one["image_id"]), str(one["subject"])) for one in answer["faces"]]
            return faces, int(answer["total_elements"]), int(answer["total_pages"])
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidRequestError(
                "What answers there is no recognition service of CompreFace.",
                hint="Name the server alone, such as http://compreface:8000, and a key of a "
                "recognition service.",
            ) from error

    def _get(self, path: str, params: dict[str, Any], most: int) -> bytes:
        try:
            with self._http.stream("GET", path, params=params) as answer:
                content = bytearray()
                for chunk in answer.iter_bytes():
                    content += chunk
                    if len(content) > most:
                        raise ImageTooLargeError(f"The answer has more than {most} bytes.")
        except httpx.HTTPError as error:
            raise InvalidRequestError(
                f"CompreFace does not answer: {error or type(error).__name__}.",
                hint="Look at the address, and do it again: what is there already stays.",
            ) from error
        if answer.status_code != 200:
            raise InvalidRequestError(
                f"CompreFace answers with status {answer.status_code}.",
                hint="The key has to be that of a recognition service.",
            )
        return bytes(content)
