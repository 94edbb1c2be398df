"""Faces as this format shows them: shares of the picture, percents, and nothing not measured."""

from typing import Any

from app.domain.deciding.disclosure import rounded_pixels
from app.domain.faces import Box, Face, ImageAnalysis
from app.domain.foreign.identifiers import face_uuid, picture_uuid
from app.domain.foreign.labels import LabelledFace

Answer = dict[str, Any]

_LANDMARKS = ("eyeLeft", "eyeRight", "nose", "mouthLeft", "mouthRight")
_SHARP = 120.0
"""Variance of the Laplacian that is shown as half of what can be."""
_MOST_BRIGHT = 255.0
_DIGITS = 6
REASONS = {
    "small-face": "SMALL_BOUNDING_BOX",
    "blurred": "LOW_SHARPNESS",
    "dark": "LOW_BRIGHTNESS",
    "extreme-pose": "EXTREME_POSE",
    "low-confidence": "LOW_CONFIDENCE",
}
"""Reasons of quality under the names that there are; all others are LOW_FACE_QUALITY."""


def box(given: Box, width: int, height: int) -> Answer:
    """A box as shares of the picture's width and height."""
    return {
        "Width": _share(given.width, width),
        "Height": _share(given.height, height),
        "Left": _share(given.x, width),
        "Top": _share(given.y, height),
    }


def compared_face(face: Face, analysis: ImageAnalysis) -> Answer:
    """A face of a picture, with everything that is measured of it."""
    return {
        "BoundingBox": box(face.box, analysis.width, analysis.height),
        "Confidence": percent(face.probability),
        "Landmarks": [
            {"Type": name, "X": _share(x, analysis.width), "Y": _share(y, analysis.height)}
            for name, (x, y) in zip(_LANDMARKS, face.landmarks.tolist(), strict=True)
        ],
        "Pose": {"Roll": face.pose.roll, "Yaw": face.pose.yaw, "Pitch": face.pose.pitch},
        "Quality": {
            "Brightness": round(100 * min(face.quality.brightness / _MOST_BRIGHT, 1.0), 3),
            "Sharpness": round(100 * face.quality.sharpness / (face.quality.sharpness + _SHARP), 3),
        },
    }


def face_detail(face: Face, analysis: ImageAnalysis) -> Answer:
    """The same: no attribute that a detail has beside is measured here."""
    return compared_face(face, analysis)


def stored_face(found: LabelledFace) -> Answer:
    """An enrolled face. Its box is left out when the size of its picture is not known."""
    face, label = found.face, found.label
    shown: Answer = {
        "FaceId": face_uuid(face.id),
        "ImageId": picture_uuid(face.source_digest or face.image_digest or f"of face {face.id}"),
        "Confidence": percent(face.probability),
        "IndexFacesModelVersion": face.encoder,
    }
    if label is not None:
        shown["BoundingBox"] = box(face.box, label.width, label.height)
    if found.external_id is not None:
        shown["ExternalImageId"] = found.external_id
    if found.user_id is not None:
        shown["UserId"] = found.user_id
    return shown


def reasons(face: Face) -> list[str]:
    """List why the face's quality is low."""
    found = [REASONS.get(reason, "LOW_FACE_QUALITY") for reason in face.quality.reasons]
    return list(dict.fromkeys(found)) or ["LOW_FACE_QUALITY"]


def percent(share: float) -> float:
    """A share of one as a percentage."""
    return round(100 * share, 4)


def _share(pixels: float, of: int) -> float:
    return round(rounded_pixels(pixels) / max(1, of), _DIGITS)
