"""Forms of these clients: pictures in fields whose names begin with `image`, and some texts."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from app.api.kit.body.forms import Part, parse_form
from app.api.kit.errors import UnsupportedMediaTypeError
from app.domain.errors.pictures import EmptyImageError, ImageTooLargeError, TooManyImagesError
from app.domain.errors.requests import InvalidRequestError
from app.settings import Settings

_MULTIPART, _URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"
_MOST_TEXTS, _TEXT_BYTES = 20, 4096
"""Fields beside the pictures, and bytes of one."""
_PART_BYTES = 512
"""Room for the header of a part."""


@dataclass(slots=True)
class Form:
    """A form that was read."""

    images: dict[str, bytes] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text that has to be there. Raises InvalidRequestError."""
        value = self.texts.get(name, "").strip()
        if not value:
            raise InvalidRequestError.of_field(name, "is missing", f"Send the field {name!r}.")
        return value

    def min_confidence(self) -> float | None:
        """A number in [0, 1], or None where none was sent. Raises InvalidRequestError."""
        text = self.texts.get("min_confidence", "").strip()
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not 0 <= number <= 1:
            hint = "Send one such as 0.6, or leave the field out."
            raise InvalidRequestError.of_field("min_confidence", "is no number in [0, 1]", hint)
        return number


class FormFormat:
    """Forms with so many pictures."""

    def __init__(self, settings: Settings, least: int, most: int) -> None:
        self._settings, self._least, self._most = settings, least, most

    @property
    def largest(self) -> int:
        """Bytes that a body may have."""
        texts = _MOST_TEXTS * (_TEXT_BYTES + _PART_BYTES)
        images = self._most * (self._settings.max_image_bytes + _PART_BYTES)
        return min(images + texts, self._settings.max_request_bytes)

    def check_type(self, content_type: str) -> None:
        """Raise UnsupportedMediaTypeError for types that are not understood."""
        kind = content_type.split(";")[0].strip().lower()
        if kind == _MULTIPART or (not self._least and kind in (_URLENCODED, "")):
            return
        raise UnsupportedMediaTypeError(
            f"Bodies of type {kind[:80] or 'nothing'} are not understood here.",
            hint=f"Send {_MULTIPART}, with pictures as files.",
        )

    def parse(self, content_type: str, content: bytearray) -> Form:
        """The form; `content` is empty afterwards.

        Raises InvalidRequestError, ImageTooLargeError, EmptyImageError and TooManyImagesError.
        """
        if content_type.split(";")[0].strip().lower() == _MULTIPART:
            form = self._of_parts(parse_form(content_type, content, self._counting()))
        else:
            form = Form(texts=_decoded(content))
        content.clear()
        if len(form.images) < self._least:
            number = "a picture" if self._least == 1 else f"{self._least} pictures"
            raise InvalidRequestError.of_field(
                "image", "is missing", f"Send {number} as files named image, image1, image2 …"
            )
        return form

    def images(self, form: Form) -> list[bytes]:
        return list(form.images.values())

    def _of_parts(self, parts: list[Part]) -> Form:
        form = Form()
        for part in parts:
            if _is_image(part):
                form.images[_free_name(part.name, form)] = self._checked(bytes(part.content))
            elif len(part.content) > _TEXT_BYTES:
                what = f"has more than {_TEXT_BYTES} bytes"
                raise InvalidRequestError.of_field(
                    part.name[:100], what, "Pictures belong into fields named image…"
                )
            else:
                form.texts[part.name] = part.text
            part.content.clear()
        return form

    def _checked(self, image: bytes) -> bytes:
        most = self._settings.max_image_bytes
        if not image:
            raise EmptyImageError("A picture of the form is empty.")
        if len(image) > most:
            raise ImageTooLargeError(
                f"An image has {len(image)} bytes; {most} are allowed.",
                hint="Send a smaller or more compressed picture.",
                limit=most,
            )
        return image

    def _counting(self) -> Callable[[Part], None]:
        """Refuses the first part of a form that is one too many."""
        images = texts = 0

        def count(part: Part) -> None:
            nonlocal images, texts
            if _is_image(part):
                images += 1
            else:
                texts += 1
            if images > self._most:
                raise TooManyImagesError(
                    f"More than {self._most} images in one request.",
                    hint="Send them in several.",
                    limit=self._most,
                )
            if texts > _MOST_TEXTS:
                raise InvalidRequestError(f"The form has more than {_MOST_TEXTS} fields.")

        return count


def _is_image(part: Part) -> bool:
    return part.is_file or part.name.startswith("image")


def _free_name(name: str, form: Form) -> str:
    """The name, or another where a client sends several parts of one name."""
    return name if name not in form.images else f"{name}#{len(form.images) + 1}"


def _decoded(content: bytearray) -> dict[str, str]:
    try:
        text = bytes(content).decode()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_TEXTS))
    except ValueError as error:
        raise InvalidRequestError(
            f"The body is no form of {_MOST_TEXTS} fields at most.",
            hint=f"Send {_URLENCODED} in UTF-8, or {_MULTIPART}.",
        ) from error
