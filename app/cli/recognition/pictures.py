"""Annotated pictures: boxes, landmarks and names drawn on the upright image."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from app.answers.analysis import Box
from app.domain.errors.requests import InvalidRequestError
from app.vision.decoding.decode import DecodeLimits, decode

_LIMITS = DecodeLimits(max_pixels=100_000_000, max_memory=2**30)
"""Nobody else waits for the memory of a command."""

Tone = Literal["plain", "known", "unknown"]
_COLOURS: dict[Tone, str] = {"plain": "#2dd4bf", "known": "#22c55e", "unknown": "#f59e0b"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One face to draw."""

    box: Box
    label: str
    tone: Tone = "plain"
    landmarks: Sequence[tuple[float, float]] = ()


def write_annotated(image: bytes, marks: Sequence[Mark], path: Path) -> None:
    """Draw the marks on the image and write it in the format of the file's ending."""
    # The smallest face there is keeps big JPEGs from being decoded at a reduced size.
    picture = Image.fromarray(decode(image, _LIMITS, min_face=1).rgb)
    draw_marks(picture, marks)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        picture.save(path)
    except ValueError as error:
        raise InvalidRequestError(f"{path} cannot be written: {error}.") from error


def draw_marks(picture: Image.Image, marks: Sequence[Mark]) -> None:
    """Draw the marks on the picture itself."""
    draw = ImageDraw.Draw(picture)
    unit = max(2, round(max(picture.size) / 400))
    font = ImageFont.load_default(size=7 * unit)
    for mark in marks:
        colour = _COLOURS[mark.tone]
        box, left, top = mark.box, mark.box.x, mark.box.y
        draw.rectangle((left, top, left + box.width, top + box.height), outline=colour, width=unit)
        for x, y in mark.landmarks:
            draw.ellipse((x - unit, y - unit, x + unit, y + unit), fill=colour)
        extent = draw.textbbox((0, 0), mark.label, font=font)
        height = extent[3] + 2 * unit
        at = max(0.0, top - height)
        draw.rectangle((left, at, left + extent[2] + 2 * unit, at + height), fill=colour)
        draw.text((left + unit, at + unit / 2), mark.label, fill="black", font=font)
