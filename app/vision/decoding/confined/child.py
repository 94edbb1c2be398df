"""The process that decodes one file: it reads its order, confines itself, decodes, ends."""

import io
import os
from multiprocessing.connection import Connection
from typing import Any

from PIL import AvifImagePlugin, Image

from app.domain.errors import FacetError
from app.vision.decoding.confined.confinement import confine
from app.vision.decoding.confined.messages import LONGEST, Kind, failure, packed, unpacked
from app.vision.decoding.confined.result import write_result
from app.vision.decoding.headers.facts import PictureFacts
from app.vision.decoding.pixels import load_pixels

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # like everything else that a request does


def decode_one(kind: Kind, channel: int, source: int, target: int) -> None:
    """Tell everything through the channel, and end the process when done."""
    connection = Connection(channel)
    order = unpacked(connection.recv_bytes(LONGEST))
    size = os.fstat(target).st_size
    with os.fdopen(source, "rb") as file:
        data = file.read()
    confine(int(order["memory"]), int(order["seconds"]), size)
    Image.MAX_IMAGE_PIXELS = int(order["pixels"])
    try:
        if kind == "recording":
            from app.vision.decoding.confined.recordings import send_frames

            send_frames(connection, data, order, target)
        else:
            connection.send_bytes(_picture(data, order, target))
    except FacetError as error:
        connection.send_bytes(failure(error))
    except MemoryError:
        connection.send_bytes(packed(exhausted="memory"))
    os._exit(0)


def _picture(data: bytes, order: dict[str, Any], target: int) -> bytes:
    facts = PictureFacts(**order["facts"])
    loaded = load_pixels(io.BytesIO(data), facts, order["factor"], order["depth"])
    write_result(target, loaded.rgb)
    return packed(size=(loaded.width, loaded.height), orientation=loaded.orientation)
