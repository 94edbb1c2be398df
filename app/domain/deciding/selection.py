"""The face of an image that is meant when a request is about one person."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from app.domain.errors.pictures import NoFaceError, SeveralFacesError
from app.domain.faces import Face

Shown = TypeVar("Shown")
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
    meant = the_one(faces, _area, choice)
    if meant is not None:
        return meant
    raise SeveralFacesError(
        f"The image shows {len(faces)} faces where one is needed.",
        hint="Crop the image to one person, or send face=largest to take the largest.",
        faces=len(faces),
    )


def the_one(
    several: Sequence[Shown], area: Callable[[Shown], float], choice: FaceChoice
) -> Shown | None:
    """The one of at least one that is meant; None if that cannot be told."""
    first, *others = sorted(several, key=area, reverse=True)
    if not others or choice == "largest":
        return first
    dominant = choice == "dominant" and area(first) >= DOMINANCE * area(others[0])
    return first if dominant else None


def _area(face: Face) -> float:
    return face.box.width * face.box.height
