"""Public-domain portraits that come with packages, and pictures made from them."""

import io
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageOps
from skimage import data


@cache
def grace() -> Image.Image:
    """Grace Hopper, 512x600."""
    path = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    return Image.open(path).convert("RGB")


@cache
def eileen() -> Image.Image:
    """Eileen Collins, 512x512."""
    return Image.fromarray(np.asarray(data.astronaut())).convert("RGB")


@cache
def landscape() -> Image.Image:
    """A picture without people."""
    return Image.fromarray(np.asarray(data.coffee())).convert("RGB")


def encoded(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    """The picture as a file's bytes."""
    buffer = io.BytesIO()
    if form == "JPEG":
        options.setdefault("quality", 92)
    picture.save(buffer, form, **options)
    return buffer.getvalue()


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
