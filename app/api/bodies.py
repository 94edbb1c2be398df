"""Request bodies with images: multipart files or base64 in JSON, one model for both."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar, get_origin

from fastapi import Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, PlainSerializer, WithJsonSchema
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem_response
from app.domain.base64_text import decode_base64
from app.domain.errors import FacetError
from app.domain.errors.pictures import ImageTooLargeError, TooManyImagesError
from app.domain.errors.requests import (
    InvalidJsonError,
    InvalidRequestError,
    RequestTooLargeError,
)

Body = TypeVar("Body", bound=BaseModel)


class UnsupportedMediaTypeError(FacetError):
    slug = "unsupported-media-type"


def _image_bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise ValueError("an image is a file part, or base64 text in JSON")
    return decode_base64(value)


Image = Annotated[
    bytes,
    BeforeValidator(_image_bytes),
    PlainSerializer(lambda _: "<image>", return_type=str),
    WithJsonSchema({"type": "string", "format": "byte", "description": "Base64, RFC 4648."}),
]


class VideoBytes(bytes):
    """A recording; its limits are those of videos, and are kept where it is decoded."""


Video = Annotated[
    bytes,
    BeforeValidator(_image_bytes),
    AfterValidator(VideoBytes),
    PlainSerializer(lambda _: "<video>", return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "format": "byte",
            "description": "An animated GIF or WebP, an MP4 or a WebM; in JSON base64, RFC 4648.",
        }
    ),
]


async def read_body(request: Request, model: type[Body]) -> Body:
    """Parse the body as the model.

    Raises UnsupportedMediaTypeError, InvalidJsonError, ImageTooLargeError, TooManyImagesError,
    RequestTooLargeError, and pydantic's ValidationError for wrong fields.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "multipart/form-data":
        fields = await _form_fields(request, model)
    elif kind == "application/json":
        fields = _json_fields(await request.body())
    else:
        raise UnsupportedMediaTypeError(
            f"Bodies of type {kind[:80] or 'nothing'} are not understood.",
            hint="Send multipart/form-data with files, or application/json with base64.",
        )
    # In JSON a number is a number; a form has nothing but text.
    body = model.model_validate(fields, strict=kind == "application/json" or None)
    _check_images(body, request)
    return body


def documented(model: type[BaseModel]) -> dict[str, Any]:
    """The OpenAPI request body of a route that reads `model`."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("title", None)
    examples = schema.pop("examples", None)
    form = json.loads(json.dumps(schema).replace('"format": "byte"', '"format": "binary"'))
    return {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": form},
                "application/json": {
                    "schema": schema,
                    **({"example": examples[0]} if examples else {}),
                },
            },
        }
    }


async def _form_fields(request: Request, model: type[BaseModel]) -> Mapping[str, Any]:
    limit = request.app.state.settings.max_images_per_request
    try:
        async with request.form(max_files=limit, max_fields=64) as form:
            return {name: await _form_value(form.getlist(name), model, name) for name in form}
    except HTTPException as error:  # what starlette makes of a MultiPartException
        if "Too many files" in error.detail:
            raise _too_many(limit) from error
        raise InvalidRequestError(f"The multipart body cannot be read: {error.detail}") from error


async def _form_value(
    parts: Sequence[UploadFile | str], model: type[BaseModel], name: str
) -> object:
    values = [await part.read() if isinstance(part, UploadFile) else part for part in parts]
    field = model.model_fields.get(name)
    if field and get_origin(field.annotation) is list:
        return values
    if field and field.annotation is bool:
        return {"true": True, "false": False}.get(str(values[-1]), values[-1])
    return values[-1]


def _json_fields(data: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidJsonError("The body is not valid JSON.") from error
    if not isinstance(fields, dict):
        raise InvalidJsonError("The body must be a JSON object.")
    return fields


def _check_images(body: BaseModel, request: Request) -> None:
    settings = request.app.state.settings
    for name in type(body).model_fields:
        value = getattr(body, name)
        values = value if isinstance(value, list) else [value]
        images = [item for item in values if isinstance(item, bytes)]
        if len(images) > settings.max_images_per_request:
            raise _too_many(settings.max_images_per_request)
        for image in images:
            if isinstance(image, VideoBytes):
                continue
            if len(image) > settings.max_image_bytes:
                raise ImageTooLargeError(
                    f"An image has {len(image)} bytes; {settings.max_image_bytes} are allowed.",
                    hint="Send a smaller or more compressed picture.",
                    limit=settings.max_image_bytes,
                )


def _too_many(limit: int) -> TooManyImagesError:
    return TooManyImagesError(
        f"More than {limit} images in one request.", hint="Send them in several.", limit=limit
    )


class BodyLimit:
    """ASGI middleware that stops reading a body once it exceeds the limit."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._limit:
            return await problem_response("request-too-large", self._message(), limit=self._limit)(
                scope, receive, send
            )
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise RequestTooLargeError(self._message(), limit=self._limit)
            return message

        await self._app(scope, counted, send)

    def _message(self) -> str:
        return f"The request has more than {self._limit} bytes."
