"""Faces of an image: boxes, landmarks, pose, quality and embeddings."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.pipelines.faces.face_quality import Pose as Pose
from models.pipelines.faces.face_quality import Quality as Quality
from models.pipelines.faces.mask_wearing import MaskWearing as MaskWearing
from models.pipelines.faces.mask_wearing import Wearing as Wearing

Embedding = NDArray[np.float32]
"""(128,) float32, L2-normalised (other encoders may have another length)."""

Landmarks = NDArray[np.float32]
"""(5, 2) float32 pixels: left eye, right eye, nose, mouth left, mouth right, as seen."""


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle in pixels of the upright image; may reach over its border."""

    x: float
    y: float
    width: float
    height: float


class FaceCrop(Protocol):
    """The face and its surroundings in few pixels, which are not a picture file yet."""

    def jpeg(self) -> bytes:
        """The file, made once."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face of one image."""

    box: Box
    probability: float
    landmarks: Landmarks
    pose: Pose
    quality: Quality
    embedding: Embedding | None = None
    portrait: bytes | None = None
    """JPEG of the face and its surroundings, made only when a collection keeps images."""
    crop: FaceCrop | None = None
    """The same, smaller, for collections that remember what is recognized."""
    mask: MaskWearing | None = None
    """Manner in which it wears a mask, found only when that is asked for."""

    def require_embedding(self) -> Embedding:
        """The embedding of a face that was analysed with an encoder."""
        if self.embedding is None:
            raise ValueError("this face was detected but not encoded")
        return self.embedding


@dataclass(frozen=True, slots=True, eq=False)
class ImageAnalysis:
    """Everything found in one image; faces come largest first."""

    width: int
    height: int
    faces: tuple[Face, ...]
    detector: str
    encoder: str | None = None
    rotation: int = 0
    """Clockwise degrees by which the upright image had to be turned to find faces."""
    min_face: int = 20
    """Smallest face that was searched for, pixels of the shorter side of its box."""
    truncated: bool = False
    """Whether `max_faces`, or a bound on the detector's work, left faces out."""
    mask_teller: str | None = None
    """Key of the model that told masks; None where nobody asked."""


@dataclass(frozen=True, slots=True)
class AnalysisOptions:
    """Options of looking for faces in an image."""

    encoder: str | None = None
    """Model key; None stops after detection."""
    detector: str | None = None
    """Model key; None is the registry's default."""
    min_face: int | None = None
    """Smallest face searched for, shorter box side in pixels of the upright image."""
    max_faces: int = 100
    min_probability: float = 0.9
    rotations: bool = False
    """Also try the image turned by 90, 180 and 270 degrees when nothing sure is found upright."""
    masks: bool = False
    """Also tell how faces wear masks."""
    portraits: bool = False
    crops: bool = False
    """Also cut out a small picture of every face."""
