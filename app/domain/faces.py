"""What an image is reduced to: boxes, landmarks, pose, quality and embeddings."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True, slots=True)
class Pose:
    """Head rotation in degrees. Zero is frontal.

    yaw > 0: the face looks towards the right of the picture; pitch > 0: it looks up;
    roll > 0: the head leans clockwise as seen in the picture.
    """

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How usable a face is: a score in [0, 1] and the reasons that lowered it."""

    score: float
    reasons: tuple[str, ...] = ()
    sharpness: float = 0.0
    brightness: float = 0.0


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


@dataclass(frozen=True, slots=True)
class AnalysisOptions:
    """What to look for in an image and what to make of it."""

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
    portraits: bool = False


@dataclass(frozen=True, slots=True)
class QualityMeasures:
    """Raw measurements of a face from which the quality score is made."""

    size: float
    """Shorter side of the box in pixels."""
    sharpness: float
    """Variance of the Laplacian of the aligned grey chip (0..255), brought to middle grey."""
    brightness: float
    """Mean grey of the aligned chip, 0..255."""
    probability: float
    pose: Pose = field(default_factory=lambda: Pose(0.0, 0.0, 0.0))
    visible: float = 1.0
    """Share of the box that lies inside the image, in [0, 1]."""
