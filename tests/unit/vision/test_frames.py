"""Frames of recordings: sampling, order, and every way in which they are refused."""

import io
import time
from collections.abc import Callable
from dataclasses import replace

import av
import numpy as np
import pytest
from PIL import Image

from app.domain.errors import FacetError
from app.domain.errors.pictures import (
    DamagedVideoError,
    NoFramesError,
    NotAVideoError,
    TooManyFramesError,
    TooManyPixelsError,
    VideoTooDemandingError,
    VideoTooLargeError,
    VideoTooLongError,
)
from app.domain.tracks import Recording, Sampling
from app.vision.decoding.decode import DecodeLimits
from app.vision.decoding.films import sampled
from app.vision.decoding.frames import Footage, open_recording
from app.vision.decoding.video_limits import VideoLimits
from tests.portraits import encoded
from tests.recordings import animation, stills, video

LIMITS = VideoLimits(max_seconds=30, max_frames=200, max_pixels=100_000)


def _open(data: bytes, sampling: Sampling | None = None, limits: VideoLimits = LIMITS) -> Footage:
    wanted = sampling or Sampling(frames=1000, rate=1000)
    return open_recording(Recording(video=data), wanted, limits, DecodeLimits())


def _levels(footage: Footage) -> list[float]:
    return [float(frame.picture.rgb.mean()) for frame in footage.frames]


def _ramp(count: int) -> list[Image.Image]:
    return [Image.new("RGB", (64, 48), (5 * n, 5 * n, 5 * n)) for n in range(count)]


@pytest.mark.parametrize("form", ["mp4", "webm", "GIF", "WEBP"])
def test_all_frames_come_in_order_and_with_their_times(form: str) -> None:
    frames = _ramp(20)
    if form in {"mp4", "webm"}:
        data = video(frames, form=form, codec="libx264" if form == "mp4" else "libvpx")
    else:
        data = animation(frames, form)
    footage = _open(data)
    assert footage.total == 20
    assert footage.seconds == pytest.approx(1.9, abs=0.01)
    shown = list(footage.frames)
    assert [frame.index for frame in shown] == list(range(20))
    assert [frame.seconds for frame in shown] == pytest.approx(
        [n / 10 for n in range(20)], abs=0.01
    )
    levels = [float(frame.picture.rgb.mean()) for frame in shown]
    assert levels == pytest.approx([5 * n for n in range(20)], abs=6)
    assert shown[0].picture.rgb.shape == (48, 64, 3)


def test_sampled_frames_are_those_of_the_whole_recording() -> None:
    data = video(_ramp(40))
    footage = _open(data, Sampling(frames=5, rate=100))
    assert footage.wanted == (0, 8, 16, 24, 32)
    assert _levels(footage) == pytest.approx([0, 40, 80, 120, 160], abs=6)


def test_sampling_agrees_with_its_definition() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        times = np.concatenate([[0], np.cumsum(rng.uniform(0.01, 0.4, rng.integers(0, 60)))])
        sampling = Sampling(frames=int(rng.integers(1, 40)), rate=float(rng.uniform(0.5, 30)))
        step = max(1 / sampling.rate, (times[-1] + 1e-3) / sampling.frames)
        naive = []
        for k in range(10_000):
            inside = [i for i, t in enumerate(times) if k * step <= t + 1e-3 < (k + 1) * step]
            naive += inside[:1]
            if k * step > times[-1] + 1:
                break
        assert list(sampled(list(times), sampling)) == naive[: sampling.frames]


def test_a_camera_held_upright_gives_upright_frames() -> None:
    picture = Image.new("RGB", (64, 48))
    picture.paste((255, 255, 255), (0, 0, 64, 12))  # a bright sky
    upright = video([picture.rotate(90, expand=True)] * 3)  # as the sensor sees it
    target = io.BytesIO()
    with av.open(io.BytesIO(upright), "r") as source, av.open(target, "w", format="mp4") as turned:
        stream = turned.add_stream_from_template(source.streams.video[0])
        stream.set_display_rotation(-90)
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                turned.mux(packet)
    rgb = next(_open(target.getvalue()).frames).picture.rgb
    assert rgb.shape == (48, 64, 3)
    assert rgb[:10].mean() > 200 > 50 > rgb[16:].mean()


def _long() -> bytes:
    """Three frames, an hour apart."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=1)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for number, picture in enumerate(stills(3)):
            frame = av.VideoFrame.from_image(picture)
            frame.pts = number * 3600
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def _sound() -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), "fltp", "mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()


REFUSED: list[tuple[str, Callable[[], bytes], type[FacetError]]] = [
    ("nothing", lambda: b"", NoFramesError),
    ("sound alone", _sound, NoFramesError),
    ("a document", lambda: b"%PDF-1.7 not a video at all", NotAVideoError),
    ("a playlist", lambda: b"#EXTM3U\n#EXTINF:1\nfile:///etc/passwd\n", NotAVideoError),
    ("a photograph", lambda: encoded(stills(1)[0]), NotAVideoError),
    ("a cut MP4", lambda: video(stills(9))[:-300], DamagedVideoError),
    ("an MP4 of noise", lambda: b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 9, DamagedVideoError),
    ("a WebM of noise", lambda: b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 9, DamagedVideoError),
    ("a cut GIF", lambda: animation(stills(9), "GIF")[:12], DamagedVideoError),
    ("two hours", _long, VideoTooLongError),
    ("a long GIF", lambda: animation(stills(9), "GIF", 20_000), VideoTooLongError),
    ("many frames", lambda: video(stills(201), rate=60), TooManyFramesError),
    (
        "ten thousand frames",
        lambda: animation(stills(10_000, (4, 4)), "GIF", 20),
        TooManyFramesError,
    ),
    ("large frames", lambda: video(stills(2, (400, 300))), TooManyPixelsError),
    ("a large GIF", lambda: animation(stills(2, (400, 300)), "GIF"), TooManyPixelsError),
]


@pytest.mark.parametrize(("made", "error"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_bad_recording_is_refused_before_anything_is_decoded(
    made: Callable[[], bytes], error: type[FacetError]
) -> None:
    data = made()
    began = time.process_time()
    with pytest.raises(error) as caught:
        _open(data)
    assert caught.value.message
    assert time.process_time() - began < 1


def test_more_bytes_than_the_limit_are_refused() -> None:
    with pytest.raises(VideoTooLargeError):
        _open(video(stills(5)), limits=replace(LIMITS, max_bytes=100))


def test_a_recording_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    footage = _open(video(stills(50)), limits=replace(LIMITS, max_work=60))
    next(footage.frames)
    now = time.monotonic()
    monkeypatch.setattr("app.vision.decoding.video_limits.time.monotonic", lambda: now + 61)
    with pytest.raises(VideoTooDemandingError):
        next(footage.frames)


def test_damage_in_the_middle_is_told() -> None:
    data = bytearray(video([Image.fromarray(p) for p in _noise(12)], form="webm", codec="libvpx"))
    third = len(data) // 3
    data[third:] = b""
    frames = _open(bytes(data))
    assert len(list(frames.frames)) < 12  # what there is left of a cut stream
    gif = animation([Image.fromarray(p) for p in _noise(6)], "GIF")
    with pytest.raises(DamagedVideoError):
        list(_open(gif[: len(gif) // 2]).frames)


def _noise(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 48, 64, 3), dtype=np.uint8)
