"""Annotated videos: every track's box and verdict, from frame to frame."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

from app.answers.analysis import Box
from app.answers.sequences import SequenceRecognition, Track, TrackFrame
from app.bootstrap.sight import video_limits
from app.cli.recognition.pictures import Mark, draw_marks
from app.domain.errors.requests import InvalidRequestError
from app.domain.tracks import Recording, Sampling
from app.platform.progress import Report
from app.settings import Settings
from app.vision.decoding.decode import DecodeLimits
from app.vision.decoding.frames import Footage, open_recording

_CODECS = {".mp4": ("libx264", "mpeg4"), ".webm": ("libvpx",)}
"""By preference: an FFmpeg without GPL parts has no x264, one of few parts no libvpx either."""
_USUAL_RATE = 10
_ALL = 1000.0
"""Frames per second that no recording has."""


def check_ending(path: Path) -> None:
    """Raises InvalidRequestError unless an annotated video can be written there."""
    kind = path.suffix.lower()
    known = [ending for ending in _CODECS if _codec(ending)]
    if kind not in known:
        problem = (
            "cannot be written by this FFmpeg" if kind in _CODECS else "names no kind of video"
        )
        raise InvalidRequestError(f"{path.name} {problem}.", hint=f"Known are {', '.join(known)}.")


def _codec(ending: str) -> str | None:
    """The best codec for a file's ending that the installed FFmpeg can write."""
    return next((c for c in _CODECS[ending] if c in av.codec.codecs_available), None)


def write_annotated_video(
    data: bytes,
    result: SequenceRecognition,
    path: Path,
    settings: Settings,
    report: Report,
) -> None:
    """Every frame of the recording with the tracks drawn on it. Raises what decoding raises.

    Between two sights of a face its box moves in a straight line. `report` is called with
    (frames written, frames there are).
    """
    limits = replace(video_limits(settings), max_work=float("inf"))  # nobody else waits
    footage = open_recording(
        Recording(video=data), Sampling(limits.max_frames, _ALL), limits, DecodeLimits()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        codec = str(_codec(path.suffix.lower()))  # checked before the work began
        stream = cast(VideoStream, container.add_stream(codec, rate=_rate(footage)))
        stream.pix_fmt = "yuv420p"
        for written, frame in enumerate(footage.frames, start=1):
            picture = Image.fromarray(frame.picture.rgb)
            draw_marks(picture, marks_at(result.tracks, frame.index))
            # Colour has half the resolution, so sides are even.
            size = (picture.width // 2 * 2, picture.height // 2 * 2)
            picture = picture.crop((0, 0, *size))
            if written == 1:
                stream.width, stream.height = size
            pixels = np.asarray(picture)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            report(written, footage.total)
        container.mux(stream.encode(None))


def marks_at(tracks: Sequence[Track], frame: int) -> list[Mark]:
    """Marks to be drawn on a frame, sampled or not."""
    marks = []
    for track in tracks:
        box = _box_at(track.frames, frame)
        if box is not None:
            name = track.subject.name if track.subject else "unknown"
            marks.append(Mark(box, name, track.decision))
    return marks


def _box_at(seen: Sequence[TrackFrame], frame: int) -> Box | None:
    """None before the first sight, after the last, and where the face was away."""
    before = [one for one in seen if one.frame <= frame]
    after = [one for one in seen if one.frame >= frame]
    if not before or not after:
        return None
    last, coming = before[-1], after[0]
    gap = coming.frame - last.frame
    if gap > 1.5 * _usual_gap(seen):
        return None
    share = (frame - last.frame) / gap if gap else 0.0
    return Box(
        **{
            side: (1 - share) * getattr(last.box, side) + share * getattr(coming.box, side)
            for side in ("x", "y", "width", "height")
        }
    )


def _usual_gap(seen: Sequence[TrackFrame]) -> int:
    """Frames between two sights, as a rule; 0 for a single one."""
    gaps = sorted(b.frame - a.frame for a, b in itertools.pairwise(seen))
    return gaps[len(gaps) // 2] if gaps else 0


def _rate(footage: Footage) -> int:
    if not footage.seconds:
        return _USUAL_RATE
    return max(1, round((footage.total - 1) / footage.seconds))
