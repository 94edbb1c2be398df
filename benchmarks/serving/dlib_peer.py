"""The way of the `face_recognition` package, on dlib itself.

HOG detector on the picture enlarged once, five landmarks, chip, ResNet: that package's defaults.
It is rebuilt here because importing it needs a long-gone part of setuptools.
"""

import io
from importlib import metadata

import dlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image


class DlibPeer:
    """Detects and encodes as `face_recognition` does."""

    def __init__(self) -> None:
        self._detector = dlib.get_frontal_face_detector()
        self._landmarks = dlib.shape_predictor(_weights("shape_predictor_5_face_landmarks"))
        self._encoder = dlib.face_recognition_model_v1(
            _weights("dlib_face_recognition_resnet_model_v1")
        )

    def analyse(self, data: bytes) -> list[NDArray[np.float64]]:
        """The embeddings of the faces of an encoded picture."""
        rgb = _decoded(data)
        return [
            np.array(self._encoder.compute_face_descriptor(rgb, shape, 1))
            for shape in self._shapes(rgb)
        ]

    def chips(self, data: bytes) -> list[NDArray[np.uint8]]:
        """The aligned 150x150 chips of the same faces."""
        rgb = _decoded(data)
        return [dlib.get_face_chip(rgb, shape) for shape in self._shapes(rgb)]

    def encode(self, chips: NDArray[np.uint8]) -> None:
        """One after the other, which is what the package does."""
        for chip in chips:
            self._encoder.compute_face_descriptor(chip, 0)

    def encode_batch(self, chips: NDArray[np.uint8]) -> None:
        """All in one call, which dlib offers and the package does not use."""
        self._encoder.compute_face_descriptor(list(chips), 0)

    def _shapes(self, rgb: NDArray[np.uint8]) -> list[dlib.full_object_detection]:
        return [self._landmarks(rgb, box) for box in self._detector(rgb, 1)]


def _decoded(data: bytes) -> NDArray[np.uint8]:
    return np.array(Image.open(io.BytesIO(data)).convert("RGB"))


def _weights(name: str) -> str:
    package = metadata.distribution("face_recognition_models")
    return str(package.locate_file(f"face_recognition_models/models/{name}.dat"))
