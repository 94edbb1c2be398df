"""Pictures for the demo that come with packages, two portraits above all, and their like."""

import io
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps


@cache
def grace() -> Image.Image:
    """Grace Hopper, 512x600. Raises ImportError without matplotlib."""
    import matplotlib

    path = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    return Image.open(path).convert("RGB")


@cache
def eileen() -> Image.Image:
    """Eileen Collins, 512x512. Raises ImportError without scikit-image."""
    from skimage import data

    return Image.fromarray(np.asarray(data.astronaut())).convert("RGB")


@cache
def tissue() -> Image.Image:
    """Stained tissue under a microscope, a style to paint in. Raises ImportError as `eileen`."""
    from skimage import data

    return Image.fromarray(np.asarray(data.immunohistochemistry())).convert("RGB")


def alterations(portrait: Image.Image) -> Iterator[tuple[str, Image.Image]]:
    """Alterations that a picture goes through on its way, each with its name."""
    yield "cropped", cropped(portrait)
    yield "darkened", ImageEnhance.Brightness(portrait).enhance(0.35)
    yield "re-compressed", Image.open(io.BytesIO(encoded(portrait, quality=12)))
    yield "tilted", portrait.rotate(17, Image.Resampling.BICUBIC, expand=True, fillcolor="gray")


def cropped(portrait: Image.Image) -> Image.Image:
    """Head and shoulders."""
    width, height = portrait.size
    return portrait.crop((width // 8, 0, width - width // 8, height * 5 // 8))


def side_by_side(*pictures: Image.Image) -> Image.Image:
    """The pictures in one row, all as high as the lowest."""
    height = min(picture.height for picture in pictures)
    scaled = [ImageOps.contain(picture, (10_000, height)) for picture in pictures]
    row = Image.new("RGB", (sum(picture.width for picture in scaled), height))
    left = 0
    for picture in scaled:
        row.paste(picture, (left, 0))
        left += picture.width
    return row


def walk(
    portrait: Image.Image,
    frames: int = 24,
    *,
    height: int = 180,
    away: Iterable[int] = (),
    blurred: Iterable[int] = (),
) -> list[Image.Image]:
    """Frames of 320x240 in which the portrait moves from left to right.

    In the frames `away` it is not there, in the frames `blurred` it is out of focus.
    """
    figure = portrait.resize((round(portrait.width * height / portrait.height), height))
    soft = figure.filter(ImageFilter.GaussianBlur(2.5))
    out, unsharp = set(away), set(blurred)
    pictures = []
    for number in range(frames):
        picture = Image.new("RGB", (320, 240), (96, 104, 112))
        if number not in out:
            left = round((320 - figure.width) * number / max(1, frames - 1))
            picture.paste(soft if number in unsharp else figure, (left, 240 - height))
        pictures.append(picture)
    return pictures


def animation(frames: Sequence[Image.Image], form: str = "WEBP", milliseconds: int = 100) -> bytes:
    """The frames as an animated WebP or GIF."""
    return encoded(
        frames[0],
        form,
        save_all=True,
        append_images=frames[1:],
        duration=milliseconds,
        loop=0,
    )


def encoded(picture: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file's bytes."""
    buffer = io.BytesIO()
    if form == "JPEG":
        options.setdefault("quality", 92)
    picture.save(buffer, form, **options)
    return buffer.getvalue()
