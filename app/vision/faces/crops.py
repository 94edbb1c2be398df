"""Small pictures of faces, cut out at once and made files of later, by whoever keeps them."""

import threading

import cv2
import numpy as np
from numpy.typing import NDArray

_LONGEST = 320
"""Pixels of the longer side: a face of a third of that, as networks of faces want it."""
_JPEG = [cv2.IMWRITE_JPEG_QUALITY, 90]


class Crop:
    """A box with one box size around it, as far as the picture reaches. Thread-safe."""

    def __init__(self, rgb: NDArray[np.uint8], box: NDArray[np.float32]) -> None:
        """Copies what it needs of the (height, width, 3) picture."""
        x, y, width, height = (float(v) for v in box)
        rows = slice(max(0, int(y - height)), max(1, int(y + 2 * height)))
        columns = slice(max(0, int(x - width)), max(1, int(x + 2 * width)))
        part = rgb[rows, columns]
        scale = _LONGEST / max(part.shape[:2])
        if scale < 1:
            # Each pixel stands for its neighbours, at a cost that no size of the picture raises.
            step = max(1, int(1 / scale / 2))
            part = part[::step, ::step]
            size = (max(1, round(part.shape[1] * scale * step)), _rows(part, scale * step))
            part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        self._pixels: NDArray[np.uint8] | None = np.ascontiguousarray(part)
        self._jpeg: bytes | None = None
        self._lock = threading.Lock()

    def jpeg(self) -> bytes:
        """The file, made once; then the pixels are let go."""
        with self._lock:
            if self._jpeg is None:
                done, encoded = cv2.imencode(".jpg", _bgr(self._pixels), _JPEG)
                if not done:
                    raise RuntimeError("OpenCV could not write a JPEG")
                self._jpeg, self._pixels = encoded.tobytes(), None
            return self._jpeg


def _rows(part: NDArray[np.uint8], scale: float) -> int:
    return max(1, round(int(part.shape[0]) * scale))


def _bgr(pixels: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    assert pixels is not None  # noqa: S101 - they are let go with the file alone
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8)
