"""Recordings made from the portraits: somebody walks through the picture."""

import io
from collections.abc import Callable, Iterable, Sequence

import av
import numpy as np
from PIL import Image, ImageFilter

WIDTH, HEIGHT = 320, 240
_BACKGROUND = (96, 104, 112)


def walk(
    portrait: Image.Image,
    frames: int = 24,
    *,
    height: int = 180,
    away: Iterable[int] = (),
    blurred: Iterable[int] = (),
    still: Callable[[int], int] | None = None,
) -> list[Image.Image]:
    """Frames in which the portrait moves from left to right.

    In the frames `away` it is not there, in the frames `blurred` it is out of focus.
    """
    figure = portrait.resize((round(portrait.width * height / portrait.height), height))
    out, soft = set(away), set(blurred)
    pictures = []
    for number in range(frames):
        picture = Image.new("RGB", (WIDTH, HEIGHT), _BACKGROUND)
        if number not in out:
            span = WIDTH - figure.width
            left = still(number) if still else round(span * number / max(1, frames - 1))
            shown = figure.filter(ImageFilter.GaussianBlur(2.5)) if number in soft else figure
            picture.paste(shown, (left, HEIGHT - height))
        pictures.append(picture)
    return pictures


def beside(first: Sequence[Image.Image], second: Sequence[Image.Image]) -> list[Image.Image]:
    """Two recordings side by side."""
    both = []
    for a, b in zip(first, second, strict=True):
        picture = Image.new("RGB", (a.width + b.width, a.height))
        picture.paste(a, (0, 0))
        picture.paste(b, (a.width, 0))
        both.append(picture)
    return both


def video(
    frames: Sequence[Image.Image], *, rate: int = 10, form: str = "mp4", codec: str = "libx264"
) -> bytes:
    """The frames as a video file's bytes."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height = frames[0].size
        stream.pix_fmt = "yuv420p"
        for picture in frames:
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def animation(frames: Sequence[Image.Image], form: str = "WEBP", milliseconds: int = 100) -> bytes:
    """The frames as an animated WebP or GIF."""
    buffer = io.BytesIO()
    frames[0].save(
        buffer, form, save_all=True, append_images=frames[1:], duration=milliseconds, loop=0
    )
    return buffer.getvalue()


def stills(count: int, size: tuple[int, int] = (32, 32)) -> list[Image.Image]:
    """Small frames that all differ."""
    rng = np.random.default_rng(0)
    grey = rng.integers(0, 256, (count, 1, 1, 3), dtype=np.uint8)
    return [Image.fromarray(np.tile(pixel, (size[1], size[0], 1))) for pixel in grey]
