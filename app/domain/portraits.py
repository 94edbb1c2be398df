"""Finding enrolled faces again in their kept images, and counting those that have none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.faces import Box, Face

_FARTHEST = 0.4
"""In widths of the face. The next person's face begins about one width away."""


@dataclass(frozen=True, slots=True)
class LeftOutCounts:
    """Counts of faces that a change of encoder would lose, in one collection."""

    of_subjects: int
    """Subjects with faces."""
    faces: int
    """Faces that have neither a new template nor a kept image."""
    subjects: int
    """Subjects all of whose faces are such."""
    named: tuple[str, ...]
    """The first of these subjects, by id."""


def find_enrolled(box: Box, faces: Sequence[Face]) -> Face | None:
    """The face that was enrolled with `box`, among those found in its kept image, or None.

    The image shows the box with one box size around it, less where the original picture
    ended, and perhaps at another scale: so every face is asked whether it lies where it
    should if it were the one.
    """
    distances = [_distance(box, face.box) for face in faces]
    if not distances or min(distances) > _FARTHEST:
        return None
    return faces[int(np.argmin(distances))]


def _distance(enrolled: Box, found: Box) -> float:
    """Distance from the place where the face should be, in its own widths."""
    across, down = found.width / enrolled.width, found.height / enrolled.height
    x = min(enrolled.x, enrolled.width) * across
    y = min(enrolled.y, enrolled.height) * down
    return float(np.hypot((found.x - x) / found.width, (found.y - y) / found.height))
