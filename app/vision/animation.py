"""Animated GIF and WebP files, by Pillow."""

import io
from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from app.domain.errors.pictures import DamagedVideoError
from app.vision.decode import Picture, to_rgb
from app.vision.video_limits import VideoLimits

_FORMATS = ("GIF", "WEBP")
_LEAST = 0.02
"""Seconds that a frame is shown at least; files that say nothing, or 0, mean about 0.1."""
_USUAL = 0.1


def is_animation(data: bytes) -> bool:
    """Whether the bytes begin as a GIF or a WebP does."""
    return data[:4] == b"GIF8" or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


class Animation:
    """An animation whose frames have been counted. A still GIF or WebP has one frame."""

    def __init__(self, data: bytes, limits: VideoLimits) -> None:
        """Raises DamagedVideoError, TooManyPixelsError or TooManyFramesError."""
        self._limits = limits
        try:
            self._image = Image.open(io.BytesIO(data), formats=_FORMATS)
        except Exception as error:
            raise _damaged() from error
        limits.check_pixels(*self._image.size)
        self.size = self._image.size
        try:
            # Counting reads block lengths of a GIF, and the header of a WebP.
            count = int(getattr(self._image, "n_frames", 1))
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

    def pictures(self, wanted: Sequence[int], began: float) -> Iterator[tuple[int, Picture]]:
        """Those of the frames; each is built on the one before, so none can be skipped."""
        left = set(wanted)
        for index in range(max(wanted) + 1):
            self._limits.check_work(began)
            try:
                self._image.seek(index)
                rgb = to_rgb(self._image) if index in left else None
            except Exception as error:  # whatever a damaged file does to a decoder
                raise _damaged() from error
            if rgb is not None:
                width, height = self.size
                pixels = np.asarray(rgb, dtype=np.uint8)
                yield index, Picture(pixels, width, height, str(self._image.format))


def _damaged() -> DamagedVideoError:
    return DamagedVideoError(
        "The animation is truncated or damaged.", hint="Save it anew, or send it as a video."
    )
