"""Parsing of a body into a model, within the bounds that model and settings give."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import from_json

from app.api.kit.body.forms import Part, parse_form
from app.api.kit.body.shape import shape_of
from app.api.kit.errors import UnsupportedMediaTypeError
from app.api.kit.problems import invalid_fields
from app.api.kit.wire_format import BodyLimits
from app.domain.errors.pictures import ImageTooLargeError, TooManyImagesError
from app.domain.errors.requests import InvalidJsonError, InvalidRequestError
from app.settings import Settings

Body = TypeVar("Body", bound=BaseModel)

MAX_JSON_BYTES = 64 * 2**10
"""Parsed by the standard library's parser; of a form's text likewise the most."""
_TEXTS_BYTES = 2**20
"""Room for the texts that come beside files."""
_ENCODED = 1.5
"""Base64 takes 4/3, with line breaks and a data URI a little more."""
_MOST_VALUES = 20_000
"""Values that JSON with files may hold: parsed, each takes forty times its two bytes."""


class BodyFormat(Generic[Body]):
    """Bodies of one model."""

    def __init__(
        self, model: type[Body], settings: Settings, limits: BodyLimits | None = None
    ) -> None:
        self._model, self._settings = model, settings
        self._limits = limits or BodyLimits()
        self._shape = shape_of(model)

    @property
    def largest(self) -> int:
        """Bytes that a body may have: its files as base64, and what comes beside them."""
        shape, settings = self._shape, self._settings
        if not shape.files:
            return self._limits.without_files
        images = sum(
            settings.max_images_per_request if n in shape.lists else 1 for n in shape.images
        )
        files = images * settings.max_image_bytes + len(shape.videos) * settings.max_video_bytes
        most = min(int(files * _ENCODED) + _TEXTS_BYTES, settings.max_request_bytes)
        return most if self._limits.with_files is None else min(most, self._limits.with_files)

    def check_type(self, content_type: str) -> None:
        """Raise UnsupportedMediaTypeError for types that are not understood.

        Where forms need not be strict, the body's first byte will say what it is.
        """
        kind = _media_type(content_type)
        if not self._limits.strict_forms or _is_json(kind):
            return
        if self._shape.files and kind == "multipart/form-data":
            return
        raise self._not_understood(kind)

    def parse(self, content_type: str, content: bytearray) -> Body:
        """The body as the model; `content` is empty afterwards, so that nothing is kept twice.

        Raises InvalidJsonError, InvalidRequestError, InvalidBase64Error, ImageTooLargeError,
        TooManyImagesError and DeadlineExceededError.
        """
        as_json = self._is_sent_as_json(content_type, content)
        fields: Any
        if as_json:
            fields = _json_value(content, bare=issubclass(self._model, RootModel))
        else:
            strict = self._limits.strict_forms
            parts = parse_form(content_type, content, self._counting(), strict=strict)
            fields = self._form_fields(parts)
        content.clear()
        try:
            # In JSON a number is a number; a form has nothing but text.
            body = self._model.model_validate(fields, strict=as_json or None)
        except ValidationError as error:
            raise invalid_fields(error) from None
        self._check_images(body)
        return body

    def images(self, body: Body) -> list[bytes]:
        """The images that the body holds, recordings left out."""
        values = [getattr(body, name) for name in sorted(self._shape.images)]
        found = [one for value in values for one in (value if isinstance(value, list) else [value])]
        return [image for image in found if image is not None]

    def _is_sent_as_json(self, content_type: str, content: bytearray) -> bool:
        kind = _media_type(content_type)
        if self._limits.strict_forms or _is_json(kind):
            return _is_json(kind)
        begin = bytes(content[:100]).lstrip()[:2]
        if begin[:1] in (b"{", b"["):
            return True
        if begin != b"--" or not self._shape.files:
            raise self._not_understood(kind)
        return False

    def _not_understood(self, kind: str) -> UnsupportedMediaTypeError:
        return UnsupportedMediaTypeError(
            f"Bodies of type {kind[:80] or 'nothing'} are not understood.",
            hint="Send multipart/form-data with files, or application/json with base64."
            if self._shape.files
            else "Send JSON, with the header Content-Type: application/json.",
        )

    def _counting(self) -> Callable[[Part], None]:
        """Refuses the first part of a form that is one too many."""
        shape, images = self._shape, self._settings.max_images_per_request
        most = {name: images if length is None else length for name, length in shape.lists.items()}
        total = sum(most.values()) + 2 * shape.fields
        counts: Counter[str] = Counter()

        def count(part: Part) -> None:
            counts[part.name] += 1
            allowed = most.get(part.name, 1)
            if counts[part.name] > allowed and part.name in shape.images and allowed > 1:
                raise _too_many(images)
            excess = self._limits.strict_forms and counts[part.name] > allowed
            if excess or counts.total() > total:
                raise _wrong(
                    part,
                    f"the form has more parts of this name than the {allowed} it takes, "
                    f"or more than {total} in all",
                    hint="Send a field once, and a list as one part for each of its values.",
                )

        return count

    def _form_fields(self, parts: list[Part]) -> Mapping[str, Any]:
        fields: dict[str, Any] = {}
        for part in parts:
            repeated = part.name in fields and part.name not in self._shape.lists
            if repeated or not self._is_wanted(part):
                continue
            value = self._form_value(part)
            part.content.clear()
            if part.name in self._shape.lists:
                fields.setdefault(part.name, []).append(value)
            else:
                fields[part.name] = value
        return fields

    def _is_wanted(self, part: Part) -> bool:
        """Whether the model is to see it; of a careless client only what it has a field for."""
        return self._limits.strict_forms or part.name in self._model.model_fields

    def _form_value(self, part: Part) -> object:
        if part.name in self._shape.files:
            return bytes(part.content) if part.is_file else part.text
        if len(part.content) > MAX_JSON_BYTES:
            raise _wrong(
                part,
                f"the part has more than {MAX_JSON_BYTES} bytes",
                hint="Files belong in the fields that are for files.",
            )
        if part.name in self._shape.flags:
            return {"true": True, "false": False}.get(part.text, part.text)
        return part.text

    def _check_images(self, body: Body) -> None:
        settings = self._settings
        for name in self._shape.images & set(self._shape.lists):
            if len(getattr(body, name)) > settings.max_images_per_request:
                raise _too_many(settings.max_images_per_request)
        for image in self.images(body):
            if len(image) > settings.max_image_bytes:
                raise ImageTooLargeError(
                    f"An image has {len(image)} bytes; {settings.max_image_bytes} are allowed.",
                    hint="Send a smaller or more compressed picture.",
                    limit=settings.max_image_bytes,
                )


def _media_type(content_type: str) -> str:
    return content_type.split(";")[0].strip().lower()


def _is_json(kind: str) -> bool:
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


def _json_value(content: bytearray, *, bare: bool) -> Any:
    """An object; with `bare`, whatever it is."""
    try:
        value = json.loads(content) if len(content) <= MAX_JSON_BYTES else _large_json(content)
    except (ValueError, RecursionError) as error:
        raise InvalidJsonError("The body is not valid JSON.") from error
    if not bare and not isinstance(value, dict):
        raise InvalidJsonError("The body must be a JSON object.")
    return value


def _large_json(content: bytearray) -> Any:
    """Parsed three times as fast, because other threads wait meanwhile. Raises ValueError."""
    if sum(content.count(sign) for sign in (b",", b"[", b"{")) > _MOST_VALUES:
        raise InvalidJsonError(
            f"The body has more than {_MOST_VALUES} values.", hint="No request needs so many."
        )
    encoding = json.detect_encoding(content[:4])
    if encoding == "utf-8":
        return from_json(content)
    return from_json(content.decode(encoding))


def _wrong(part: Part, why: str, *, hint: str) -> InvalidRequestError:
    name = part.name[:100]
    errors = [{"field": name, "message": why}]
    return InvalidRequestError(f"{name}: {why}.", hint=hint, errors=errors)


def _too_many(limit: int) -> TooManyImagesError:
    return TooManyImagesError(
        f"More than {limit} images in one request.", hint="Send them in several.", limit=limit
    )
