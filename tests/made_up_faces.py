"""Photographs of people who do not exist, between two portraits and bent out of shape."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pipelines.faces.alignment import align
from models.pipelines.faces.pipeline import face_detector
from models.registry.registry import Registry
from tests import portraits

_SIDE = 168
_TEMPLATE = np.array([[62, 66], [106, 66], [84, 92], [66, 113], [102, 113]], np.float64)


def write_people(directory: Path, registry: Registry, people: int, pictures: int) -> None:
    """`directory/person-NN/N.jpg`: one folder per person, file names that repeat.

    A person is a mixture of both portraits or of their mirror images, bent and tinted in a way
    of its own; pictures of one person differ in light, angle and grain. Always the same.
    """
    faces = _aligned(registry)
    for person in range(people):
        rng = np.random.default_rng(person)
        face = _made_up(faces, rng)
        folder = directory / f"person-{person:02}"
        folder.mkdir(parents=True)
        for number in range(pictures):
            picture = cv2.cvtColor(_photographed(face, rng), cv2.COLOR_RGB2BGR)
            done, content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
            assert done
            (folder / f"{number}.jpg").write_bytes(content.tobytes())


def _aligned(registry: Registry) -> list[NDArray[np.float32]]:
    detector = face_detector(registry)
    faces = []
    for portrait in (portraits.grace(), portraits.eileen()):
        rgb = np.asarray(portrait)
        chip = align(rgb, detector.detect(rgb).landmarks[0], _TEMPLATE, (_SIDE, _SIDE))
        faces += [chip.astype(np.float32), chip[:, ::-1].astype(np.float32)]
    return faces


def _made_up(faces: list[NDArray[np.float32]], rng: np.random.Generator) -> NDArray[np.float32]:
    share = rng.uniform(0, 1)
    face = share * faces[rng.integers(0, 2)] + (1 - share) * faces[rng.integers(2, 4)]
    # A few random pushes, smoothed over a third of the face.
    bend = rng.normal(0, 5, (2, 5, 5)).astype(np.float32)
    bend = np.stack(
        [cv2.resize(one, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC) for one in bend]
    )
    y, x = np.mgrid[:_SIDE, :_SIDE].astype(np.float32)
    face = cv2.remap(
        face, x + bend[0], y + bend[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(face * rng.uniform(0.8, 1.2, 3), dtype=np.float32)


def _photographed(face: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.uint8]:
    middle = (_SIDE / 2, _SIDE / 2)
    matrix = cv2.getRotationMatrix2D(middle, rng.uniform(-6, 6), rng.uniform(0.95, 1.05))
    turned = cv2.warpAffine(face, matrix, (_SIDE, _SIDE), borderMode=cv2.BORDER_REPLICATE)
    lit = turned * rng.uniform(0.85, 1.1) + rng.normal(0, 4, face.shape)
    return np.clip(lit, 0, 255).astype(np.uint8)
