"""Messages between a request and the process that decodes for it.

Nothing that comes from such a process is believed: it is JSON, short, and of these shapes.
"""

import json
from typing import Any, Literal

from app.domain.errors import FacetError, pictures

Kind = Literal["picture", "webp", "heic", "recording"]
KINDS: dict[Kind, tuple[str, ...]] = {
    "picture": (),
    "webp": ("cv2",),
    "heic": ("app.vision.decoding.heic",),
    "recording": ("av", "app.vision.decoding.confined.recordings"),
}
"""Modules that a kind needs, beside those that all do."""
LONGEST = 16 * 2**20
"""Bytes of a message: what names the frames of the longest recordings."""
POLL_SECONDS = 0.05
"""Seconds between two looks at whether anybody still waits."""

_ERRORS: dict[str, type[FacetError]] = {
    error.slug: error
    for error in (
        pictures.AnimatedImageError,
        pictures.DamagedVideoError,
        pictures.NoFramesError,
        pictures.NotAnImageError,
        pictures.NotAVideoError,
        pictures.TooManyFramesError,
        pictures.TooManyPixelsError,
        pictures.TruncatedImageError,
        pictures.VideoTooLongError,
    )
}


def packed(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def unpacked(message: bytes) -> dict[str, Any]:
    """Raises ValueError for what is not an object."""
    found = json.loads(message)
    if not isinstance(found, dict):
        raise ValueError("not a message")
    return found


def failure(error: FacetError) -> bytes:
    return packed(error=error.slug, message=error.message, hint=error.hint, data=error.data)


def error_of(answer: dict[str, Any]) -> FacetError | None:
    """Error that a process reports; None when it reports none.

    Raises ValueError for errors that decoding has not.
    """
    if "error" not in answer:
        return None
    kind = _ERRORS.get(str(answer["error"]))
    data = answer.get("data")
    if kind is None or not isinstance(data, dict):
        raise ValueError("not an error of decoding")
    plain = {str(name): value for name, value in data.items() if isinstance(value, int | str)}
    return kind(
        str(answer.get("message", ""))[:500], hint=str(answer.get("hint", ""))[:500], **plain
    )
