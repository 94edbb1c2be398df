"""Recordings made from the portraits: somebody walks through the picture."""

import io
from collections.abc import Sequence

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

from app.cli.demo.portraits import animation, walk

__all__ = ["animation", "beside", "stills", "video", "walk"]


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
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = frames[0].size
        stream.pix_fmt = "yuv420p"
        for picture in frames:
            frame = av.VideoFrame.from_image(picture)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def stills(count: int, size: tuple[int, int] = (32, 32)) -> list[Image.Image]:
    """Small frames that all differ."""
    rng = np.random.default_rng(0)
    grey = rng.integers(0, 256, (count, 1, 1, 3), dtype=np.uint8)
    return [Image.fromarray(np.tile(pixel, (size[1], size[0], 1))) for pixel in grey]
