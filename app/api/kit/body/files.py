"""Files in request bodies: bytes of a multipart part, or base64 in a text."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from app.domain.base64_text import decode_base64


def _file_bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise ValueError("an image is a file part, or base64 text in JSON")
    return decode_base64(value)


class VideoBytes(bytes):
    """A recording; its limits are those of videos, and are kept where it is decoded."""


IS_FILE = BeforeValidator(_file_bytes)
"""Marks a field that holds a file."""
IS_VIDEO = AfterValidator(VideoBytes)
"""Marks one that holds a recording."""

Image = Annotated[
    bytes,
    IS_FILE,
    PlainSerializer(lambda _: "<image>", return_type=str),
    WithJsonSchema({"type": "string", "format": "byte", "description": "Base64, RFC 4648."}),
]
Video = Annotated[
    bytes,
    IS_FILE,
    IS_VIDEO,
    PlainSerializer(lambda _: "<video>", return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "format": "byte",
            "description": "An animated GIF or WebP, an MP4 or a WebM; in JSON base64, RFC 4648.",
        }
    ),
]
