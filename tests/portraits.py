"""The demo's portraits, and a picture without people."""

from functools import cache

import numpy as np
from PIL import Image
from skimage import data

from app.cli.demo.portraits import alterations, cropped, eileen, encoded, grace, side_by_side

__all__ = ["alterations", "cropped", "eileen", "encoded", "grace", "landscape", "side_by_side"]


@cache
def landscape() -> Image.Image:
    """A picture without people."""
    return Image.fromarray(np.asarray(data.coffee())).convert("RGB")
