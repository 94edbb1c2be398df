"""Stored styles: pictures that transfers may name instead of sending them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.domain.errors.gallery import TooManyStylesError
from app.domain.styles import PreparedPicture, StoredStyle
from app.domain.texts import clean_url_name
from app.services.ports import Storage
from app.services.ports.styles import StylePainter


class Styles:
    """Kept small and without metadata; the file that was sent is not kept."""

    def __init__(self, storage: Storage, painter: StylePainter, limit: int) -> None:
        self._storage = storage
        self._painter = painter
        self._limit = limit

    def create(self, name: str, image: bytes) -> StoredStyle:
        """Raises DuplicateStyleError, TooManyStylesError, InvalidRequestError for a name that
        cannot be kept, and what decoding raises.
        """
        name = clean_url_name(name, "style")
        picture = self._painter.prepare(image)
        style = StoredStyle(
            name, picture.width, picture.height, len(picture.content), datetime.now(UTC)
        )
        with self._storage.write() as uow:
            if uow.styles.count() >= self._limit:
                raise TooManyStylesError(
                    f"There are {self._limit} styles already, and no more are kept.",
                    hint="Delete one that is no longer needed.",
                    limit=self._limit,
                )
            uow.styles.add(style, picture)
        return style

    def list(self, *, after: str | None = None, limit: int = 50) -> Sequence[StoredStyle]:
        with self._storage.read() as uow:
            return uow.styles.list(after=after, limit=limit)

    def get(self, name: str) -> StoredStyle:
        with self._storage.read() as uow:
            return uow.styles.get(name)

    def picture(self, name: str) -> PreparedPicture:
        with self._storage.read() as uow:
            return uow.styles.picture(name)

    def remove(self, name: str) -> None:
        """Transfers that were asked for before have a copy and go on."""
        with self._storage.write() as uow:
            uow.styles.remove(name)
        self._storage.checkpoint()  # where a reader prevents it, the server tries again
