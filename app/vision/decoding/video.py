"""MP4 and WebM files, by PyAV. Their containers are read whole before anything is decoded."""

import errno
import io
from collections.abc import Callable, Iterator, Sequence

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream

from app.domain.errors.pictures import DamagedVideoError, NoFramesError, NotAVideoError
from app.vision.decoding.headers.matroska import has_more_blocks
from app.vision.decoding.headers.mp4 import lies_about_samples
from app.vision.decoding.pixels import Rgb
from app.vision.decoding.video_limits import VideoLimits

_CODECS = frozenset({"h264", "hevc", "mpeg4", "vp8", "vp9", "av1"})
_MICROSECONDS = 1e6
_MOST_BLOCKS = 60_000
"""Of a Matroska file, sound included: a frame or 2.5 ms of sound have one."""


def container_format(data: bytes) -> str | None:
    """The demuxer for the bytes, by their first ones; None for anything but MP4 and WebM.

    Naming it keeps FFmpeg from guessing: some formats are lists of other files to open.
    """
    if data[4:8] == b"ftyp":
        return "mp4"
    return "matroska" if data[:4] == b"\x1a\x45\xdf\xa3" else None


class Video:
    """A video whose packets have been counted."""

    def __init__(
        self, data: bytes, form: str, limits: VideoLimits, check: Callable[[], None]
    ) -> None:
        """`check` is called between two packets, and may raise.

        Raises NotAVideoError, DamagedVideoError, NoFramesError, TooManyPixelsError,
        VideoTooLongError or TooManyFramesError.
        """
        self._data, self._form, self._limits, self._check = data, form, limits, check
        if form == "mp4" and lies_about_samples(data):
            raise _damaged()
        if form == "matroska" and has_more_blocks(data, _MOST_BLOCKS):
            limits.check_frames(_MOST_BLOCKS)
            raise _damaged()
        try:
            with self._opened() as container:
                stream = _stream(container)
                limits.check_seconds(_declared_seconds(container, stream))
                self.size = (stream.codec_context.width, stream.codec_context.height)
                limits.check_pixels(*self.size)
                self._clock = float(stream.time_base or 1)
                self._stamps = self._read_stamps(container, stream)
        except MemoryError:
            raise
        except (av.FFmpegError, ValueError, OSError) as error:
            raise _trouble(error) from error
        limits.check_seconds(self.times[-1] if self._stamps else 0)

    @property
    def times(self) -> list[float]:
        """Seconds since the first frame, ascending."""
        return [(stamp - self._stamps[0]) * self._clock for stamp in self._stamps]

    def pictures(self, wanted: Sequence[int]) -> Iterator[tuple[int, Rgb]]:
        """Pictures of the frames. Decoding ends with the last of them.

        Raises DamagedVideoError or TooManyPixelsError.
        """
        number = {self._stamps[index]: index for index in wanted}
        last, found = max(number), 0
        try:
            with self._opened() as container:
                stream = _stream(container)
                # One thread, like everything else a request does; and no picture is larger
                # than the header has promised.
                stream.thread_type = "NONE"
                stream.codec_context.thread_count = 1  # dav1d goes by this one
                stream.codec_context.options = {"max_pixels": str(self._limits.max_pixels)}
                for frame in container.decode(stream):
                    self._check()
                    if frame.pts in number and not frame.is_corrupt:
                        self._limits.check_pixels(frame.width, frame.height)
                        found += 1
                        yield number[frame.pts], _upright(frame)
                    if frame.pts is not None and frame.pts >= last:
                        break
        except MemoryError:
            raise
        except (av.FFmpegError, ValueError, OSError) as error:
            raise _trouble(error) from error
        if not found:
            raise _damaged()

    def _opened(self) -> InputContainer:
        return av.open(io.BytesIO(self._data), "r", self._form, metadata_errors="replace")

    def _read_stamps(self, container: InputContainer, stream: VideoStream) -> list[int]:
        """Presentation times of all packets in clock ticks, ascending."""
        stamps = set()
        for number, packet in enumerate(container.demux(stream)):
            self._check()
            self._limits.check_frames(number)  # the last packet is empty
            if packet.pts is not None and packet.size:
                stamps.add(packet.pts)
        return sorted(stamps)


def _stream(container: InputContainer) -> VideoStream:
    streams = container.streams.video
    if not streams:
        raise NoFramesError("The recording holds no pictures.", hint="Is it sound alone?")
    context = streams[0].codec_context
    name = context.codec.canonical_name if context is not None else "unknown"
    if name not in _CODECS:
        raise NotAVideoError(
            f"Videos in the codec {name} are not taken.",
            hint=f"Known are {', '.join(sorted(_CODECS))}.",
        )
    return streams[0]


def _declared_seconds(container: InputContainer, stream: VideoStream) -> float:
    """The longest duration that the headers name; 0 where they are silent."""
    whole = (container.duration or 0) / _MICROSECONDS
    own = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0
    return max(whole, own)


def _upright(frame: av.VideoFrame) -> Rgb:
    """The rotation of the camera is undone."""
    rgb = np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
    if frame.rotation % 90:
        return rgb
    return np.ascontiguousarray(np.rot90(rgb, frame.rotation // 90))


def _trouble(error: Exception) -> MemoryError | DamagedVideoError:
    """The fault that FFmpeg complains of."""
    return MemoryError() if getattr(error, "errno", 0) == errno.ENOMEM else _damaged()


def _damaged() -> DamagedVideoError:
    return DamagedVideoError(
        "The video is truncated or damaged.", hint="Does it play? Then re-encode it as H.264."
    )
