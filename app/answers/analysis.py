"""Faces of an image as clients see them."""

from typing import Self

from pydantic import BaseModel, Field

from app.domain import faces as domain
from app.domain.deciding.disclosure import rounded_pixels


class Box(BaseModel):
    """Pixels of the upright image, to a tenth; may reach over its border."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def of(cls, box: domain.Box) -> Self:
        return cls(
            x=rounded_pixels(box.x),
            y=rounded_pixels(box.y),
            width=rounded_pixels(box.width),
            height=rounded_pixels(box.height),
        )


class Pose(BaseModel):
    """Degrees; zero is frontal."""

    yaw: float
    pitch: float
    roll: float

    @classmethod
    def of(cls, pose: domain.Pose) -> Self:
        return cls(yaw=pose.yaw, pitch=pose.pitch, roll=pose.roll)


class Quality(BaseModel):
    """A score in [0, 1] and what lowered it."""

    score: float = Field(ge=0, le=1)
    reasons: list[str] = Field(
        description="Any of small-face, blurred, dark, bright, extreme-pose, cut-by-border, "
        "low-confidence."
    )
    sharpness: float
    brightness: float

    @classmethod
    def of(cls, quality: domain.Quality) -> Self:
        return cls(
            score=quality.score,
            reasons=list(quality.reasons),
            sharpness=quality.sharpness,
            brightness=quality.brightness,
        )


class DetectedFace(BaseModel):
    """One face of an image."""

    box: Box
    probability: float = Field(description="The detector's, in [0, 1].")
    landmarks: list[tuple[float, float]] = Field(
        description="Left eye, right eye, nose, mouth left, mouth right, as seen; pixels."
    )
    pose: Pose
    quality: Quality

    @classmethod
    def of(cls, face: domain.Face) -> Self:
        return cls(**_face_fields(face))


class EmbeddedFace(DetectedFace):
    """A face with its embedding."""

    embedding: list[float] = Field(description="L2-normalised.")

    @classmethod
    def of(cls, face: domain.Face) -> Self:
        return cls(**_face_fields(face), embedding=face.require_embedding().tolist())


class Searched(BaseModel):
    """The search for faces in an image."""

    width: int = Field(description="Of the upright image, in pixels.")
    height: int
    rotation: int = Field(description="Clockwise degrees it was turned by to find the faces.")
    min_face: int = Field(
        description="Smallest face looked for: the shorter side of its box, in pixels."
    )
    truncated: bool = Field(
        description="Whether faces were left out: there were more than `max_faces`, or the "
        "detector could not look at every place."
    )


def _search_fields(analysis: domain.ImageAnalysis) -> dict[str, object]:
    return {
        "width": analysis.width,
        "height": analysis.height,
        "rotation": analysis.rotation,
        "min_face": analysis.min_face,
        "truncated": analysis.truncated,
        "detector": analysis.detector,
    }


class Detection(Searched):
    """Every face of an image, largest first."""

    detector: str
    faces: list[DetectedFace]

    @classmethod
    def of(cls, analysis: domain.ImageAnalysis) -> Self:
        return cls(
            **_search_fields(analysis),
            faces=[DetectedFace.of(face) for face in analysis.faces],
        )


class Embeddings(Searched):
    """Every face of an image with its embedding, largest first."""

    detector: str
    encoder: str
    faces: list[EmbeddedFace]

    @classmethod
    def of(cls, analysis: domain.ImageAnalysis) -> Self:
        return cls(
            **_search_fields(analysis),
            encoder=analysis.encoder or "",
            faces=[EmbeddedFace.of(face) for face in analysis.faces],
        )


def rounded_landmarks(landmarks: domain.Landmarks) -> list[tuple[float, float]]:
    """Points to a tenth of a pixel."""
    return [(rounded_pixels(x), rounded_pixels(y)) for x, y in landmarks]


def _face_fields(face: domain.Face) -> dict[str, object]:
    return {
        "box": Box.of(face.box),
        "probability": face.probability,
        "landmarks": rounded_landmarks(face.landmarks),
        "pose": Pose.of(face.pose),
        "quality": Quality.of(face.quality),
    }
