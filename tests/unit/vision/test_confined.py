"""Processes that decode: what they may not do, and that nobody notices how they end."""

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.domain.deadlines import Deadline, working_under
from app.domain.errors.pictures import (
    DamagedVideoError,
    ImageTooDemandingError,
    VideoTooDemandingError,
)
from app.domain.errors.trouble import DeadlineExceededError
from app.domain.tracks import Recording, Sampling
from app.vision.decoding import decode as decoding
from app.vision.decoding.confined import processes
from app.vision.decoding.decode import DecodeLimits, decode
from app.vision.decoding.frames import open_recording
from app.vision.decoding.headers.facts import PictureFacts
from app.vision.decoding.video_limits import VideoLimits
from tests.hostile.picture_files import jpeg_of_many_scans, saved, scene
from tests.recordings import stills, video

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(not processes.available(), reason="only Linux confines processes")


def tiff(size: int = 64) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), (9, 8, 7)).save(buffer, "TIFF", compression="tiff_lzw")
    return buffer.getvalue()


def wait_until(true: object, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def starter_process() -> int:
    decode(tiff())
    process = processes._starter._process
    assert process is not None
    return process.pid


def test_a_recording_that_needs_too_much_memory_is_refused() -> None:
    """FFmpeg takes memory that it does not get for damage, at some places."""
    with pytest.raises((VideoTooDemandingError, DamagedVideoError)):
        recording = Recording(video=video(stills(4, (640, 480))))
        limits = VideoLimits(max_memory=2**20)
        list(open_recording(recording, Sampling(), limits, DecodeLimits()).frames)


def test_a_picture_whose_facts_are_lies_dies_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PictureFacts, "memory", lambda *_: 0)
    with ThreadPoolExecutor(2) as pool:
        large = pool.submit(decode, tiff(5000))
        small = [decode(tiff()).rgb[0, 0].tolist() for _ in range(20)]
        with pytest.raises(ImageTooDemandingError, match="memory"):
            large.result()
    assert small == [[9, 8, 7]] * 20


@pytest.mark.parametrize("form", ["PNG", "WEBP", "BMP"])
def test_large_pictures_come_out_as_they_do_here(
    monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    data = saved(scene(300).convert("RGBA"), form)
    here = decode(data).rgb
    monkeypatch.setattr("app.vision.decoding.decode._DIRECTLY", 0)
    monkeypatch.setattr("app.vision.decoding.decode._load_directly", None)
    np.testing.assert_array_equal(decode(data).rgb, here)


def test_time_is_bounded_by_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.vision.decoding.decode._SECONDS", 1)
    monkeypatch.setattr("app.vision.decoding.decode._MOST_PASSES", 10**6)
    monkeypatch.setattr("app.vision.decoding.decode._load_directly", decoding._load_confined)
    start = time.process_time()
    with pytest.raises(ImageTooDemandingError, match="time"):
        decode(jpeg_of_many_scans())
    assert time.process_time() - start < 1, "the time of the process, not ours"


def test_whoever_waits_may_give_up() -> None:
    parent = starter_process()
    with working_under(Deadline(0.01)), pytest.raises(DeadlineExceededError):
        decode(tiff(5000))
    wait_until(lambda: not children(parent))


def test_a_starter_that_was_killed_is_started_again() -> None:
    os.kill(starter_process(), signal.SIGKILL)
    np.testing.assert_array_equal(decode(tiff()).rgb[0, 0], [9, 8, 7])


def test_the_process_of_a_file_ends_with_it() -> None:
    parent = starter_process()
    for _ in range(20):
        decode(tiff())
    recording = Recording(video=video(stills(6)))
    footage = open_recording(recording, Sampling(), VideoLimits(), DecodeLimits())
    next(footage.frames)
    wait_until(lambda: len(children(parent)) == 1)
    footage.frames.close()  # type: ignore[attr-defined]
    wait_until(lambda: not children(parent))


def test_a_process_holds_nothing_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither variables nor descriptors, and it can open none."""
    processes._starter.stop()
    monkeypatch.setenv("FACET_DATABASE_URL", "postgresql://facet:secret@host/facet")
    with Path(__file__).open(), confined() as (parent, process):
        for folder in (Path(f"/proc/{parent}"), Path(f"/proc/{process}")):
            assert b"secret" not in (folder / "environ").read_bytes()
            opened = [link for link in (folder / "fd").iterdir() if int(link.name) > 2]
            links = [str(link.readlink()) for link in opened]
            kinds = ("socket:", "anon_inode:", "/memfd:", "/dev/null", "pipe:")
            assert all(link.startswith(kinds) for link in links), links
        limits = limits_of(process)
        assert Path(f"/proc/{process}/oom_score_adj").read_text().strip() == "1000"
    assert limits["Max open files"] == limits["Max core file size"] == ("0", "0")
    assert int(limits["Max address space"][0]) < 4 * 2**30


@contextmanager
def confined() -> Iterator[tuple[int, int]]:
    """The starter, and a process that has begun to decode."""
    recording = Recording(video=video(stills(6)))
    footage = open_recording(recording, Sampling(), VideoLimits(), DecodeLimits())
    parent = starter_process()
    wait_until(lambda: len(children(parent)) == 1)  # those of other files are gone
    yield parent, children(parent)[0]
    footage.frames.close()  # type: ignore[attr-defined]


def limits_of(process: int) -> dict[str, tuple[str, str]]:
    lines = Path(f"/proc/{process}/limits").read_text().splitlines()[1:]
    return {line[:25].strip(): (line[26:47].strip(), line[47:68].strip()) for line in lines}


def children(process: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{process}/task").glob("*/children")
        for child in task.read_text().split()
    ]


def test_they_end_with_the_service_even_when_it_is_killed() -> None:
    program = """
        import io, signal, os
        from app.vision.decoding.confined import processes
        from tests.unit.vision.test_confined import tiff, starter_process
        print(starter_process(), flush=True)
        signal.pause()
    """
    service = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert service.stdout is not None
    starter = int(service.stdout.readline())
    assert Path(f"/proc/{starter}").exists()
    service.kill()
    service.wait()
    wait_until(lambda: not Path(f"/proc/{starter}").exists())
