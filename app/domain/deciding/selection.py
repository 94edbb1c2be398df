"""The face of an image that is meant when a request is about one person."""

from collections.abc import Sequence
from typing import Literal

from app.domain.errors.pictures import NoFaceError, SeveralFacesError
from app.domain.faces import Face

FaceChoice = Literal["dominant", "only", "largest"]
"""dominant: the largest, if every other has at most a quarter of its area; only: there must be
exactly one; largest: the largest, whatever stands beside it."""

DOMINANCE = 4.0
"""By how much a face must exceed the area of the next to be clearly the one that is meant."""


def choose_face(faces: Sequence[Face], choice: FaceChoice = "dominant", min_face: int = 20) -> Face:
    """The face that is meant, of all of `min_face` pixels and more.

    Raises NoFaceError or SeveralFacesError.
    """
    if not faces:
        raise NoFaceError(
            f"No face of {min_face} pixels or more was found in the image.",
            hint="Send an upright picture with a larger face, or try rotations=true or a smaller "
            "min_face.",
            min_face=min_face,
        )
    ordered = sorted(faces, key=_area, reverse=True)
    if len(ordered) == 1 or choice == "largest":
        return ordered[0]
    if choice == "dominant" and _area(ordered[0]) >= DOMINANCE * _area(ordered[1]):
        return ordered[0]
    raise SeveralFacesError(
        f"The image shows {len(ordered)} faces where one is needed.",
        hint="Crop the image to one person, or send face=largest to take the largest.",
        faces=len(ordered),
    )


def _area(face: Face) -> float:
    return face.box.width * face.box.height
