"""Animated GIF and WebP files, by Pillow."""

import io
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PIL import Image

from app.domain.errors import FacetError
from app.domain.errors.pictures import DamagedVideoError
from app.vision.decoding.headers.gif import gif_frames, is_gif
from app.vision.decoding.headers.webp import is_webp, webp_facts
from app.vision.decoding.pixels import Rgb, write_rgb
from app.vision.decoding.video_limits import VideoLimits

_FORMATS = ("GIF", "WEBP")
_LEAST = 0.02
"""Seconds that a frame is shown at least; files that say nothing, or 0, mean about 0.1."""
_USUAL = 0.1
_MOST_BLOCKS = 2**20


def is_animation(data: bytes) -> bool:
    """Whether the bytes begin as a GIF or a WebP does."""
    return is_gif(data) or is_webp(data)


class Animation:
    """An animation whose frames have been counted. A still GIF or WebP has one frame."""

    def __init__(self, data: bytes, limits: VideoLimits, check: Callable[[], None]) -> None:
        """`check` is called between two steps, and may raise.

        Raises DamagedVideoError, TooManyPixelsError or TooManyFramesError.
        """
        self._limits, self._check = limits, check
        _check_frames(data, limits)
        try:
            self._image = Image.open(io.BytesIO(data), formats=_FORMATS)
            self._limits.check_pixels(*self._image.size)
            count = int(getattr(self._image, "n_frames", 1))
        except (MemoryError, FacetError):
            raise
        except Exception as error:
            raise _damaged() from error
        limits.check_frames(count)
        self._count = count

    @property
    def times(self) -> list[float]:
        """Even times: how long each frame is shown is known only after decoding it."""
        shown = self._image.info.get("duration", 0) / 1000
        step = shown if shown >= _LEAST else _USUAL
        return [index * step for index in range(self._count)]

    def pictures(self, wanted: Sequence[int]) -> Iterator[tuple[int, Rgb]]:
        """Pictures of the frames; each is built on the one before, so none can be skipped.

        Raises DamagedVideoError or TooManyPixelsError.
        """
        left = set(wanted)
        for index in range(max(wanted) + 1):
            self._check()
            try:
                self._image.seek(index)
                self._limits.check_pixels(*self._image.size)  # a frame may enlarge the screen
                rgb = self._shown() if index in left else None
            except (MemoryError, FacetError):
                raise
            except Exception as error:  # whatever a damaged file does to a decoder
                raise _damaged() from error
            if rgb is not None:
                yield index, rgb

    def _shown(self) -> Rgb:
        self._image.load()
        rgb = np.empty((self._image.height, self._image.width, 3), np.uint8)
        write_rgb(self._image, rgb)
        return rgb


def _check_frames(data: bytes, limits: VideoLimits) -> None:
    """Check the file's own words, before Pillow makes room for any frame."""
    if is_gif(data) and len(data) > 10:
        width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
        limits.check_pixels(width, height)
        for number, (right, bottom) in enumerate(gif_frames(data, _MOST_BLOCKS), start=1):
            limits.check_frames(number)
            limits.check_pixels(max(width, right), max(height, bottom))
    elif is_webp(data):
        facts = webp_facts(data)
        if facts is None:
            raise _damaged()
        limits.check_pixels(facts.width, facts.height)


def _damaged() -> DamagedVideoError:
    return DamagedVideoError(
        "The animation is truncated or damaged.", hint="Save it anew, or send it as a video."
    )
