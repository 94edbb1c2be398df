"""Frames of recordings of unknown origin: sampled, bounded, upright, or a clear refusal."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.errors.pictures import NoFramesError, NotAVideoError
from app.domain.tracks import Recording, Sampling
from app.vision.animation import Animation, is_animation
from app.vision.decode import DecodeLimits, Picture, decode
from app.vision.video import Video, container_format
from app.vision.video_limits import VideoLimits

_JITTER = 1e-3
"""Seconds: times are rounded to the clock of the container."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A decoded frame."""

    index: int
    seconds: float | None
    """Since the first frame; None for single pictures."""
    picture: Picture


@dataclass(frozen=True, slots=True, eq=False)
class Footage:
    """A recording that may be decoded, and which of its frames are wanted."""

    total: int
    """Frames of the recording."""
    seconds: float | None
    """From the first frame to the last; None for single pictures."""
    wanted: tuple[int, ...]
    frames: Iterator[Frame]
    """Decoded as they are asked for. Raises DamagedVideoError, VideoTooDemandingError,
    TooManyPixelsError, and for single pictures what `decode` raises."""


def open_recording(
    recording: Recording, sampling: Sampling, limits: VideoLimits, image_limits: DecodeLimits
) -> Footage:
    """Read containers and choose frames; decoding waits until frames are asked for.

    Raises NoFramesError, NotAVideoError, DamagedVideoError, VideoTooLargeError,
    VideoTooLongError, TooManyFramesError or TooManyPixelsError.
    """
    if recording.video is None:
        return _of_pictures(recording.images, limits, image_limits)
    film = _film(recording.video, limits)
    times = film.times
    if not times:
        raise NoFramesError("The recording holds no frames.")
    limits.check_seconds(times[-1])
    wanted = sampled(times, sampling)
    frames = (
        Frame(index, times[index], picture)
        for index, picture in film.pictures(wanted, time.monotonic())
    )
    return Footage(len(times), times[-1], wanted, frames)


def sampled(times: Sequence[float], sampling: Sampling) -> tuple[int, ...]:
    """Numbers of the frames to look at, of frames at ascending `times` in seconds from 0 on.

    Time is divided into equal steps, and of each step the first frame is taken, if it has
    one. The step is that of the rate, or the longer one that leaves as many as asked for.
    """
    step = max(1 / sampling.rate, (times[-1] + _JITTER) / sampling.frames)
    steps = [math.floor((time + _JITTER) / step) for time in times]
    wanted = [i for i in range(len(times)) if i == 0 or steps[i] != steps[i - 1]]
    return tuple(wanted[: sampling.frames])


def _of_pictures(
    images: Sequence[bytes], limits: VideoLimits, image_limits: DecodeLimits
) -> Footage:
    if not images:
        raise NoFramesError("The recording holds no frames.", hint="Send images, or a video.")

    def frames() -> Iterator[Frame]:
        began = time.monotonic()
        for index, image in enumerate(images):
            limits.check_work(began)
            yield Frame(index, None, decode(image, image_limits))

    return Footage(len(images), None, tuple(range(len(images))), frames())


def _film(data: bytes, limits: VideoLimits) -> Animation | Video:
    if not data:
        raise NoFramesError("The recording is empty.")
    limits.check_bytes(len(data))
    if is_animation(data):
        return Animation(data, limits)
    form = container_format(data)
    if form is None:
        raise NotAVideoError(
            "This is neither an animation nor a video of a known kind.",
            hint="Known are GIF, WebP, MP4 and WebM. Send single pictures as `images`.",
        )
    return Video(data, form, limits)
