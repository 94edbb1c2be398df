"""Animations and videos by one name, and which of their frames are wanted."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.errors.pictures import NoFramesError, NotAVideoError
from app.domain.tracks import Sampling
from app.vision.decoding.animation import Animation, is_animation
from app.vision.decoding.video import Video, container_format
from app.vision.decoding.video_limits import VideoLimits

_JITTER = 1e-3
"""Seconds: times are rounded to the clock of the container."""


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """An animation or video that may be decoded."""

    source: Animation | Video
    times: Sequence[float]
    """Seconds of each frame since the first."""
    wanted: tuple[int, ...]


def open_film(
    data: bytes, sampling: Sampling, limits: VideoLimits, check: Callable[[], None]
) -> Film:
    """Read the container and choose frames; nothing is decoded yet.

    Raises NoFramesError, NotAVideoError, DamagedVideoError, VideoTooLongError,
    TooManyFramesError, TooManyPixelsError, and what `check` raises, which is called all along.
    """
    source: Animation | Video
    if is_animation(data):
        source = Animation(data, limits, check)
    else:
        source = Video(data, known_container(data), limits, check)
    times = source.times
    if not times:
        raise NoFramesError("The recording holds no frames.")
    limits.check_seconds(times[-1])
    return Film(source, times, sampled(times, sampling))


def known_container(data: bytes) -> str:
    """See `container_format`. Raises NotAVideoError for other files."""
    form = container_format(data)
    if form is None:
        raise NotAVideoError(
            "This is neither an animation nor a video of a known kind.",
            hint="Known are GIF, WebP, MP4 and WebM. Send single pictures as `images`.",
        )
    return form


def sampled(times: Sequence[float], sampling: Sampling) -> tuple[int, ...]:
    """Numbers of the frames to look at, of frames at ascending `times` in seconds from 0 on.

    Time is divided into equal steps, and of each step the first frame is taken, if it has
    one. The step is that of the rate, or the longer one that leaves as many as asked for.
    """
    step = max(1 / sampling.rate, (times[-1] + _JITTER) / sampling.frames)
    steps = [math.floor((time + _JITTER) / step) for time in times]
    wanted = [i for i in range(len(times)) if i == 0 or steps[i] != steps[i - 1]]
    return tuple(wanted[: sampling.frames])
