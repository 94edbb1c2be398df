"""Frames of a recording, sent one by one as they are asked for."""

from multiprocessing.connection import Connection
from typing import Any

from app.domain.tracks import Sampling
from app.vision.decoding.confined.messages import packed
from app.vision.decoding.confined.result import write_result
from app.vision.decoding.films import open_film
from app.vision.decoding.video_limits import VideoLimits


def send_frames(connection: Connection, data: bytes, order: dict[str, Any], target: int) -> None:
    """First what there is, then each wanted frame. Raises what `open_film` and films raise.

    The next frame is decoded while the one before is looked at, and shown when asked for.
    """
    film = open_film(
        data, Sampling(**order["sampling"]), VideoLimits(**order["limits"]), check=_endless
    )
    answer = packed(total=len(film.times), seconds=film.times[-1], wanted=film.wanted)
    connection.send_bytes(answer)
    for index, rgb in film.source.pictures(film.wanted):
        connection.recv_bytes()
        write_result(target, rgb)
        connection.send_bytes(packed(index=index, seconds=film.times[index], shape=rgb.shape))
    connection.recv_bytes()
    connection.send_bytes(packed(index=-1))


def _endless() -> None:
    """Go on: the one who waits for this process ends it when it takes too long."""
