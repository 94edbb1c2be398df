"""Protocols of what styles need from storage and vision."""

from collections.abc import Callable, Sequence
from typing import Protocol

from app.domain.styles import PreparedPicture, ResultFormat, StoredStyle
from models.pipelines.style.options import Losses, Step, TransferOptions

Watch = Callable[[Step, Losses, Callable[[], bytes]], None]
"""Called after every step with the losses, and a function that makes a small JPEG of the picture
as it stands."""


class StyleRepository(Protocol):
    def add(self, style: StoredStyle, picture: PreparedPicture) -> None:
        """Raises DuplicateStyleError."""

    def get(self, name: str) -> StoredStyle:
        """Raises UnknownStyleError."""

    def picture(self, name: str) -> PreparedPicture:
        """Raises UnknownStyleError."""

    def list(self, *, after: str | None, limit: int) -> Sequence[StoredStyle]:
        """List by name, those whose name comes after `after`."""

    def count(self) -> int: ...

    def remove(self, name: str) -> None:
        """Raises UnknownStyleError."""


class StylePainter(Protocol):
    """Runs the networks. Thread-safe."""

    def prepare(self, image: bytes) -> PreparedPicture:
        """Decode within limits, and make small what is larger than any result may be.

        Raises what decoding raises: every way in which bytes can fail to be a picture.
        """

    def has_faces(self, picture: bytes) -> bool: ...

    def model(self, key: str | None, options: TransferOptions) -> str:
        """The full key of a model, the default for None, that can do what is asked.

        Raises UnknownModelError, WrongTaskError, WeightsMissingError, InvalidRequestError.
        """

    def paint(
        self,
        content: bytes,
        style: bytes,
        options: TransferOptions,
        model: str,
        form: ResultFormat,
        watch: Watch,
    ) -> bytes:
        """The picture as a file of that format. Raises NoFaceError when only faces are wanted."""
