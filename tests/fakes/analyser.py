"""A made-up analyser: pictures are texts that name who is on them, faces follow by digest."""

import hashlib

import numpy as np

from app.domain.errors.pictures import NotAnImageError
from app.domain.faces import (
    AnalysisOptions,
    Box,
    Embedding,
    Face,
    ImageAnalysis,
    MaskWearing,
    Pose,
    Quality,
)
from models.registry.curve import ThresholdCurve
from models.registry.errors import UnknownModelError

ENCODER = "made-up@1"
DETECTOR = "made-up-detector@1"
DIMENSION = 64
MASK_TELLER = "made-up-mask@1"
_HEADER = b"made-up picture: "
_GRAIN = 0.2
"""Length of what tells two pictures of one person apart, beside the person's one."""
_SIDE, _APART = 100.0, 120.0


def picture(*people: str, take: int = 1) -> bytes:
    """A picture of these people, the first one nearest; another take is another picture."""
    return _HEADER + f"{take}|{'|'.join(people)}".encode()


class MadeUpAnalyser:
    """Finds the people that a picture names. Not-an-image for other bytes.

    A person's name may end with `, blurred`, which costs quality, with `, far`: a face of 12
    pixels, or with `, masked`. Two takes of a person have a similarity of about .96, two people
    of about 0.
    """

    def __init__(self) -> None:
        self.analysed: list[bytes] = []

    def analyse(self, data: bytes, options: AnalysisOptions) -> ImageAnalysis:
        self.analysed.append(data)
        if not data.startswith(_HEADER):
            raise NotAnImageError("These bytes are no made-up picture.")
        take, *people = data[len(_HEADER) :].decode().split("|")
        named = [person for person in people if person]
        faces = [_face(name, take, place, options) for place, name in enumerate(named)]
        return ImageAnalysis(
            width=round(_APART * (len(named) + 1)),
            height=200,
            faces=tuple(faces[: options.max_faces]),
            detector=DETECTOR,
            encoder=options.encoder,
            min_face=options.min_face or 20,
            truncated=len(faces) > options.max_faces,
            mask_teller=MASK_TELLER if options.masks else None,
        )


class MadeUpCrop:
    """A picture of a face that is no picture."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def jpeg(self) -> bytes:
        return self._data


class OneEncoder:
    """A catalogue of one encoder, calibrated on nobody: strangers pass .5 once in a thousand."""

    def resolve(self, encoder: str | None) -> str:
        if encoder not in (None, ENCODER, ENCODER.partition("@")[0]):
            raise UnknownModelError(f"There is no model {encoder}.")
        return ENCODER

    def curve(self, encoder: str) -> ThresholdCurve:
        return ThresholdCurve.of([(0.0, 0.5), (0.5, 1e-3), (0.9, 1e-6)])

    def dimension(self, encoder: str) -> int:
        return DIMENSION

    def template_power(self, encoder: str) -> float:
        self.resolve(encoder)
        return 1.0

    def require_ready(self, encoder: str) -> None:
        """Nothing has to be loaded."""


def _face(name: str, take: str, place: int, options: AnalysisOptions) -> Face:
    person, _, manner = name.partition(", ")
    side = 12.0 if manner == "far" else _SIDE - place
    box = Box(_APART * place, 50, side, side)
    quality = Quality(0.1, ("blurred",)) if manner == "blurred" else Quality(0.9)
    return Face(
        box=box,
        probability=0.99,
        landmarks=np.full((5, 2), box.x + side / 2, np.float32),
        pose=Pose(0, 0, 0),
        quality=quality,
        embedding=None if options.encoder is None else _embedding(person, take),
        portrait=f"portrait of {person}, take {take}".encode() if options.portraits else None,
        crop=MadeUpCrop(f"crop of {person}, take {take}".encode()) if options.crops else None,
        mask=_mask(manner) if options.masks else None,
    )


def _mask(manner: str) -> MaskWearing:
    return MaskWearing("masked" if manner == "masked" else "bare", 0.97)


def _embedding(person: str, take: str) -> Embedding:
    vector = _direction(person) + _GRAIN * _direction(f"{person}|{take}")
    embedding: Embedding = (vector / np.linalg.norm(vector)).astype(np.float32)
    return embedding


def _direction(text: str) -> Embedding:
    """A unit vector that follows from the text's digest."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    direction: Embedding = vector / np.linalg.norm(vector)
    return direction
