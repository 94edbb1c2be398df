"""CompreFace as a source: its subjects and the pictures that it keeps of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from app.cli.moving.service import Service
from app.domain.errors.pictures import EmptyImageError
from app.services.enrolling.importing import ImportItem

_FACES = "/api/v1/recognition/faces"
_PAGE = 100
_HINT = "Name the server alone, and the key of a recognition service."


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
        self._largest = largest
        self._service = Service("CompreFace", url, {"x-api-key": key}, _HINT)

    def close(self) -> None:
        self._service.close()

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
        content = self._service.read(f"{_FACES}/{quote(image_id, safe='')}/img", self._largest)
        if not content:
            raise EmptyImageError(
                "CompreFace keeps no picture of this face.",
                hint="With `save_images_to_db=false` it keeps none. Enroll from your originals.",
            )
        return content

    def _page(self, number: int) -> tuple[list[_Kept], int, int]:
        """The faces of a page, the number of all faces and of pages."""
        answer = self._service.json(_FACES, page=number, size=_PAGE)
        try:
            faces = [_Kept(str(one["image_id"]), str(one["subject"])) for one in answer["faces"]]
            return faces, int(answer["total_elements"]), int(answer["total_pages"])
        except (ValueError, KeyError, TypeError) as error:
            raise self._service.stranger() from error
