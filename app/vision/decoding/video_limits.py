"""Limits of animations and videos, before or while they are decoded."""

import time
from dataclasses import dataclass

from app.domain.errors.pictures import (
    TooManyFramesError,
    TooManyPixelsError,
    VideoTooDemandingError,
    VideoTooLargeError,
    VideoTooLongError,
)


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """Each check raises the error of its limit."""

    max_bytes: int = 50 * 2**20
    max_seconds: float = 120.0
    max_frames: int = 3600
    """In the file, looked at or not."""
    max_pixels: int = 9_000_000
    """Of one frame."""
    max_work: float = 60.0
    """Seconds from the first look at the file to the last analysed frame."""
    max_memory: int = 256 * 2**20
    """Bytes that decoding may take, beside the file and the frame it has made."""

    def check_bytes(self, count: int) -> None:
        if count > self.max_bytes:
            raise VideoTooLargeError(
                f"The recording has {count:,} bytes; at most {self.max_bytes:,} are taken.",
                hint="Send a shorter part, or compress it more.",
                max_bytes=self.max_bytes,
            )

    def check_seconds(self, seconds: float) -> None:
        if seconds > self.max_seconds:
            raise VideoTooLongError(
                f"The recording lasts {seconds:,.0f} s; at most {self.max_seconds:,.0f} are taken.",
                hint="Send the part that shows the people.",
                max_seconds=self.max_seconds,
            )

    def check_frames(self, count: int) -> None:
        if count > self.max_frames:
            raise TooManyFramesError(
                f"The recording has more than {self.max_frames:,} frames.",
                hint="Send a shorter part, or fewer frames per second.",
                max_frames=self.max_frames,
            )

    def check_pixels(self, width: int, height: int) -> None:
        if width * height > self.max_pixels:
            raise TooManyPixelsError(
                f"Frames of {width}x{height} pixels are too large; "
                f"at most {self.max_pixels:,} pixels are taken.",
                hint="Send the recording at a lower resolution.",
                width=width,
                height=height,
                max_pixels=self.max_pixels,
            )

    def check_work(self, began: float) -> None:
        """`began` is a reading of `time.monotonic`."""
        if time.monotonic() - began > self.max_work:
            raise VideoTooDemandingError(
                f"The recording takes more than {self.max_work:.0f} s to analyse.",
                hint="Ask for fewer frames, or send fewer or smaller ones.",
                max_work=self.max_work,
            )
