"""Bytes of unknown origin to an upright RGB picture, or a clear refusal."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.domain.errors.pictures import (
    AnimatedImageError,
    EmptyImageError,
    ImageTooLargeError,
    NotAnImageError,
    TooManyPixelsError,
    TruncatedImageError,
)
from models.errors import ReportedError
from models.pipelines.detection import default_min_face

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")
"""Of Pillow; MPO, several JPEGs in one file, comes with JPEG."""
_STILL_WHEN_ANIMATED = ("GIF", "MPO", "TIFF")
"""Formats of which the first picture is taken, however many there are."""
_REDUCED_FACE = 60
"""Pixels that the smallest face asked for must still cover in a reduced JPEG."""
_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_THEIR_SIDE = (5, 6, 7, 8)

Image.init()  # Pillow loads the rarer formats late, and asking for one by name before that fails


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What is refused before any pixel is decoded."""

    max_bytes: int = 20 * 2**20
    max_pixels: int = 50_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An upright picture, possibly decoded at a reduced size."""

    rgb: NDArray[np.uint8]
    """(h, w, 3)."""
    width: int
    height: int
    """Full size of the upright picture in pixels."""
    format: str

    @property
    def scale(self) -> tuple[float, float]:
        """Full pixels per decoded pixel along x and y; (1, 1) unless reduced."""
        height, width = self.rgb.shape[:2]
        return self.width / width, self.height / height


def decode(data: bytes, limits: DecodeLimits | None = None, min_face: int | None = None) -> Picture:
    """Decode a picture of one of `FORMATS` and turn it upright by its EXIF orientation.

    Transparency is laid on white, 16 bits become 8, and of several pictures the first is
    taken; only WebP and PNG are refused when animated. Big JPEGs are decoded at a half, a
    quarter or an eighth of their size when a face of `min_face` pixels (see
    `default_min_face`) stays large enough.

    Raises EmptyImageError, ImageTooLargeError, TooManyPixelsError, AnimatedImageError,
    TruncatedImageError or NotAnImageError, and nothing else.
    """
    limits = limits or DecodeLimits()
    if not data:
        raise EmptyImageError("The image is empty.")
    if len(data) > limits.max_bytes:
        raise ImageTooLargeError(
            f"The image has {len(data):,} bytes; at most {limits.max_bytes:,} are taken.",
            bytes=len(data),
            max_bytes=limits.max_bytes,
        )
    with _open(data) as image:
        size, name = image.size, str(image.format)
        _check(image, limits)
        # Whatever a damaged file does to a decoder (there are a dozen of them, each with
        # exceptions of its own), it is the file's fault and not the server's.
        try:
            image.draft("RGB", _draft_size(size, min_face))
            image.load()
            orientation = _orientation(image)
            rgb = to_rgb(image)
            if orientation in _UPRIGHT:
                rgb = rgb.transpose(_UPRIGHT[orientation])
        except _unsupported as error:
            raise NotAnImageError(f"Pictures like this one are not supported: {error}.") from error
        except Exception as error:
            raise TruncatedImageError(
                f"The {name} image is truncated or damaged.", format=name
            ) from error
    width, height = size[::-1] if orientation in _ON_THEIR_SIDE else size
    return Picture(np.asarray(rgb, dtype=np.uint8), width, height, name)


def count_pixels(data: bytes) -> int:
    """Pixels that the header promises; 0 for what `decode` will refuse."""
    try:
        with _open(data) as image:
            return image.width * image.height
    except ReportedError:
        return 0


class _unsupported(Exception):  # noqa: N801, N818 - never leaves this module
    """A kind of pixel that has no agreed way to be shown."""


def _open(data: bytes) -> Image.Image:
    """Read the header only."""
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixelsError("The image has too many pixels.") from error
    except Exception as error:
        if _is_cut_webp(data):
            raise TruncatedImageError("The WEBP image is truncated.", format="WEBP") from error
        raise NotAnImageError(
            "This is not an image of a known format.",
            hint=f"Known are {', '.join(FORMATS)}.",
        ) from error


def _is_cut_webp(data: bytes) -> bool:
    """WebP's decoder opens whole files only, so a cut one has to be told by its header."""
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return is_webp and len(data) < int.from_bytes(data[4:8], "little") + 8


def _check(image: Image.Image, limits: DecodeLimits) -> None:
    width, height = image.size
    if width * height > limits.max_pixels:
        raise TooManyPixelsError(
            f"The image has {width * height:,} pixels; at most {limits.max_pixels:,} are taken.",
            width=width,
            height=height,
            max_pixels=limits.max_pixels,
        )
    if image.format not in _STILL_WHEN_ANIMATED and getattr(image, "is_animated", False):
        raise AnimatedImageError("Animated images are not taken.", format=image.format)


def _draft_size(size: tuple[int, int], min_face: int | None) -> tuple[int, int]:
    """The size to ask of a JPEG's decoder, which offers 1, 1/2, 1/4 and 1/8."""
    smallest = min_face or default_min_face(*size)
    factor = next((f for f in (8, 4, 2) if smallest / f >= _REDUCED_FACE), 1)
    return max(1, size[0] // factor), max(1, size[1] // factor)


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1 when there is none or it cannot be read."""
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:
        return 1  # a picture with broken metadata is still a picture


def to_rgb(image: Image.Image) -> Image.Image:
    """Eight bits of red, green and blue; transparency is laid on white."""
    if image.mode.startswith("I"):
        # Pillow's own conversion would clip 16 bits to the lowest 255 of 65,536 values.
        values = np.asarray(image).astype(np.int64).clip(0, 65_535)
        return Image.fromarray((values >> 8).astype(np.uint8)).convert("RGB")
    if image.mode == "F":
        raise _unsupported("floating-point pixels")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")
