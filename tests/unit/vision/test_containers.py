"""Containers of videos: what their tables and clusters announce, before FFmpeg believes it."""

import io

import av
import numpy as np
import pytest

from app.vision.decoding.headers.matroska import has_more_blocks
from app.vision.decoding.headers.mp4 import lies_about_samples
from tests.recordings import stills, video


def test_uncompressed_sound_has_many_samples() -> None:
    """One a tick, none of which is listed, while frames are."""
    data = bytearray(with_sound("mov", "pcm_s16le"))
    data += bytes(10_000_000)  # what is announced has to have its bytes
    sizes = data.rfind(b"stsz")  # of the sound, which comes second
    assert int.from_bytes(data[sizes + 12 : sizes + 16], "big") > 1000
    data[sizes + 12 : sizes + 16] = (2_000_000).to_bytes(4, "big")
    assert not lies_about_samples(bytes(data))
    sizes = data.find(b"stsz")
    data[sizes + 8 : sizes + 16] = (1).to_bytes(4, "big") + (2_000_000).to_bytes(4, "big")
    assert lies_about_samples(bytes(data))


def with_sound(form: str, codec: str) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form) as container:
        film = container.add_stream("mpeg4", rate=10)
        film.width, film.height, film.pix_fmt = 32, 32, "yuv420p"
        sound = container.add_stream(codec, rate=48_000, layout="mono")
        assert isinstance(sound, av.AudioStream)
        for picture in stills(6):
            container.mux(film.encode(av.VideoFrame.from_image(picture)))
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 9600), np.int16), "s16", "mono")
        silence.sample_rate = 48_000
        container.mux(sound.encode(silence))
        for stream in (film, sound):
            container.mux(stream.encode(None))
    return buffer.getvalue()


@pytest.mark.parametrize("most", [5, 6])
def test_blocks_are_counted_before_they_are_listed(most: int) -> None:
    data = video(stills(6), form="webm", codec="libvpx")
    assert has_more_blocks(data, most) == (most < 6)
    cluster = data.index(b"\x1f\x43\xb6\x75") + 4
    width = 9 - data[cluster].bit_length()
    live = bytearray(data)  # as browsers record, without sizes
    live[cluster : cluster + width] = (
        b"\x01" + b"\xff" * 7 if width == 8 else ((1 << 7 * width + 1) - 1).to_bytes(width, "big")
    )
    assert has_more_blocks(bytes(live), most) == (most < 6)
