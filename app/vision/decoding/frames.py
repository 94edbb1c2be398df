"""Frames of recordings of unknown origin: sampled, bounded, upright, or a clear refusal."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.deadlines import check_deadline
from app.domain.errors.pictures import DamagedVideoError, NoFramesError, VideoTooDemandingError
from app.domain.tracks import Recording, Sampling
from app.vision.decoding.animation import is_animation
from app.vision.decoding.confined import processes
from app.vision.decoding.confined.processes import DecodingProcess
from app.vision.decoding.decode import DecodeLimits, Picture, decode
from app.vision.decoding.films import known_container, open_film
from app.vision.decoding.headers.facts import RESULT
from app.vision.decoding.pixels import Rgb
from app.vision.decoding.video_limits import VideoLimits

_SECONDS = 10
"""Of processor time that reading a container may take beside the work."""
_ENDLESS = 10**6


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

    Videos and animations are decoded in a process of their own. Raises NoFramesError,
    NotAVideoError, DamagedVideoError, VideoTooLargeError, VideoTooLongError,
    TooManyFramesError, TooManyPixelsError or VideoTooDemandingError; OverloadedError when no
    process can be started.
    """
    data = recording.video
    if data is None:
        return _of_pictures(recording.images, limits, image_limits)
    if not data:
        raise NoFramesError("The recording is empty.")
    limits.check_bytes(len(data))
    if not is_animation(data):
        known_container(data)
    check = _checks(limits)
    if processes.available():
        return _of_process(data, sampling, limits, check)
    film = open_film(data, sampling, limits, check)
    pictures = film.source.pictures(film.wanted)
    frames = (Frame(index, film.times[index], _picture(data, rgb)) for index, rgb in pictures)
    return Footage(len(film.times), film.times[-1], film.wanted, frames)


def _checks(limits: VideoLimits) -> Callable[[], None]:
    """Make the check that asks, between two steps, whether to go on."""
    began = time.monotonic()

    def check() -> None:
        check_deadline()
        limits.check_work(began)

    return check


def _of_process(
    data: bytes, sampling: Sampling, limits: VideoLimits, check: Callable[[], None]
) -> Footage:
    order = {
        "memory": limits.max_memory,
        "seconds": int(min(limits.max_work, _ENDLESS)) + _SECONDS,
        "pixels": max(1, limits.max_pixels // 2),  # Pillow refuses more than twice as many
        "sampling": asdict(sampling),
        "limits": asdict(limits),
    }
    process = DecodingProcess("recording", data, limits.max_pixels * RESULT, order)
    try:
        answer = _answer(process, check, limits)
        total, seconds = int(answer["total"]), float(answer["seconds"])
        wanted = tuple(int(index) for index in answer["wanted"])
    except (KeyError, TypeError, ValueError) as error:
        process.close()
        raise _damaged() from error
    except BaseException:
        process.close()
        raise
    return Footage(total, seconds, wanted, _frames(data, process, check, limits))


def _frames(
    data: bytes, process: DecodingProcess, check: Callable[[], None], limits: VideoLimits
) -> Iterator[Frame]:
    with process:
        while True:
            check()
            process.send()
            answer = _answer(process, check, limits)
            try:
                index = int(answer["index"])
                if index < 0:
                    return
                height, width, bands = (int(side) for side in answer["shape"])
                limits.check_pixels(width, height)
                rgb = process.picture((height, width, bands))
                frame = Frame(index, float(answer["seconds"]), _picture(data, rgb))
            except (KeyError, TypeError, ValueError) as error:
                raise _damaged() from error
            yield frame


def _answer(
    process: DecodingProcess, check: Callable[[], None], limits: VideoLimits
) -> dict[str, Any]:
    try:
        return process.answer(check)
    except processes.OutOfMemoryError as error:
        raise VideoTooDemandingError(
            "The recording takes more memory to decode than the "
            f"{limits.max_memory / 2**20:,.0f} MiB that one is given.",
            hint="Send it at a lower resolution, or re-encode it as H.264.",
            max_memory=limits.max_memory,
        ) from error
    except processes.OutOfTimeError as error:
        raise VideoTooDemandingError(
            f"The recording takes more than {limits.max_work:.0f} s to decode.",
            hint="Send a shorter part, or fewer or smaller frames.",
            max_work=limits.max_work,
        ) from error
    except processes.DiedError as error:
        raise _damaged() from error


def _picture(data: bytes, rgb: Rgb) -> Picture:
    form = "video"
    if is_animation(data):
        form = "GIF" if data[:3] == b"GIF" else "WEBP"
    return Picture(rgb, rgb.shape[1], rgb.shape[0], form)


def _damaged() -> DamagedVideoError:
    return DamagedVideoError(
        "The recording is damaged in a way that ended its decoder.",
        hint="Does it play? Then re-encode it as H.264.",
    )


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
