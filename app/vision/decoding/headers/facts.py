"""Promises of a header, and the cost of decoding it."""

from dataclasses import dataclass
from math import ceil

RESULT = 3
"""Bytes per pixel of what decoding makes."""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture of a known format, by its header. Everything in it may be a lie."""

    format: str
    width: int
    height: int
    """Pixels as stored, not turned upright."""
    per_pixel: float
    """Bytes that decoding holds for each pixel of the full picture, beside its result."""
    fixed: int = 0
    """Bytes that it holds whatever the picture's size: the largest tile or strip."""
    per_reduced: float = 0
    """Bytes that it holds for each pixel of the result; JPEGs are decoded at a reduced size."""
    pixels: int = 0
    """Of the picture, or of its largest tile if that has more."""
    passes: int = 1
    """Times that a decoder goes over all pixels."""
    simple: bool = False
    """Whether decoders allocate by width and height alone."""
    animated: bool = False
    at_most: bool = False
    """Whether the size is the largest that may come out, and not the one that does."""
    orientation: int = 1
    """Of EXIF, 1 to 8."""

    @property
    def decoded_pixels(self) -> int:
        """Pixels that a decoder is told to make room for."""
        return max(self.width * self.height, self.pixels)

    def allows(self, width: int, height: int) -> bool:
        """Whether a decoder may have found a picture of that size.

        Pictures of AVIF and HEIC may be cut and turned as they are decoded.
        """
        if not self.at_most:
            return (width, height) == (self.width, self.height)
        return 0 < width * height <= self.width * self.height

    def memory(self, factor: int = 1) -> int:
        """Bytes that decoding takes at most, its result at 1/`factor` of the size included."""
        result = ceil(self.width / factor) * ceil(self.height / factor)
        whole = self.width * self.height
        return int(whole * self.per_pixel + result * (self.per_reduced + RESULT) + self.fixed)
