"""Red, green and blue of an encoded picture, with at most two copies of it in memory.

What is here runs in the process of a request as well as in one made for a single picture, so
it imports neither networks nor anything that they need.
"""

import warnings
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from app.domain.errors.pictures import AnimatedImageError, NotAnImageError, TruncatedImageError
from app.vision.decoding.headers.facts import PictureFacts
from app.vision.decoding.headers.orientation import exif_orientation

Rgb = NDArray[np.uint8]
"""(h, w, 3)."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A picture as stored, perhaps at a reduced size."""

    rgb: Rgb
    width: int
    height: int
    """Its full size."""
    orientation: int
    """Of EXIF, 1 to 8."""


_BAND = 2**20
"""Pixels that are converted at once."""
_STILL_WHEN_ANIMATED = ("GIF", "TIFF")
"""Formats of which the first picture is taken, however many there are."""
_NAMES = {"HEIC": "HEIF"}
"""Formats that Pillow knows by another name."""
_WHITE = (255, 255, 255, 255)
_OPAQUE = (255, 255)
"""Least and largest alpha of a picture through which nothing shines."""
_DEEP = 65_535
_DEPTHS = (8, 10, 12, 16)
"""Bits that cameras and scanners give."""
_LARGEST_VALUE, _BITS_PER_SAMPLE = 281, 258
"""Tags of TIFF."""

Image.init()  # Pillow loads the rarer formats late, and asking for one by name before that fails
# Pixels are counted before Pillow sees a file.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


def load_pixels(file: BinaryIO, facts: PictureFacts, factor: int, depth: int) -> Loaded:
    """The picture at 1/`factor` of its size (rounded up), as stored.

    `depth`: bits of a sample by the file's own word, 0 where nothing is said; see `write_rgb`.
    Raises NotAnImageError, AnimatedImageError or TruncatedImageError; MemoryError where memory
    is bounded.
    """
    try:
        if facts.format == "WEBP" and not facts.animated:
            rgb = _load_webp(file.read(), facts, factor)
            return Loaded(rgb, facts.width, facts.height, facts.orientation)
        if facts.format == "JPEG" and (found := _load_jpeg(file.read(), facts, factor)) is not None:
            return Loaded(found, facts.width, facts.height, facts.orientation)
        file.seek(0)
        if facts.format == "HEIC":
            import app.vision.decoding.heic  # noqa: F401 - an extra
        with Image.open(file, formats=[_NAMES.get(facts.format, facts.format)]) as image:
            return _load(image, facts, factor, depth)
    except (NotAnImageError, AnimatedImageError, TruncatedImageError, MemoryError):
        raise
    # Whatever a damaged file does to a decoder (there are a dozen of them, each with
    # exceptions of its own), it is the file's fault and not the server's.
    except Exception as error:
        raise truncated(facts.format) from error


def write_rgb(image: Image.Image, result: Rgb, factor: int = 1, depth: int = 0) -> None:
    """Fill the result with the picture at 1/`factor` of its size; transparency is laid on white.

    Of deep grey the highest 8 of `depth` bits are kept, or where nothing is said or more is used,
    those of the fewest of 8, 10, 12 and 16 that hold the largest value.

    Band by band: beside the picture and the result there is never a third of their size.
    """
    if image.mode == "F":
        raise NotAnImageError("Pictures of floating-point pixels are not supported.")
    width, height = image.size
    shift = _surplus_bits(image, depth) if image.mode.startswith("I") else 0
    rows = max(1, _BAND // (width * factor)) * factor
    for top in range(0, height, rows):
        part = (0, top, width, min(height, top + rows))
        band = image if rows >= height else image.crop(part)
        band = _eight_bits(band, shift) if image.mode.startswith("I") else _opaque(band)
        if factor > 1:
            band = band.reduce(factor)
        result[top // factor : top // factor + band.height] = np.asarray(band)


def truncated(form: str) -> TruncatedImageError:
    return TruncatedImageError(
        f"The {form} image is truncated or damaged.",
        hint="Send the file again, or save it anew.",
        format=form,
    )


def reduced(side: int, factor: int) -> int:
    """Pixels of a side at 1/`factor` of its size."""
    return -(-side // factor)


def _load(image: Image.Image, facts: PictureFacts, factor: int, depth: int) -> Loaded:
    form = facts.format
    full = image.size
    if not facts.allows(*full):
        raise truncated(form)  # the header says one thing here and another there
    if form not in _STILL_WHEN_ANIMATED and getattr(image, "is_animated", False):
        raise AnimatedImageError("Animated images are not taken.", format=form)
    size = (reduced(full[0], factor), reduced(full[1], factor))
    if form == "JPEG":
        if factor > 1:
            image.draft("RGB", (max(1, full[0] // factor), max(1, full[1] // factor)))
        factor = 1
    depth = depth or _tiff_depth(image)
    image.load()
    if reduced(image.width, factor) != size[0] or reduced(image.height, factor) != size[1]:
        raise truncated(form)
    result = np.empty((size[1], size[0], 3), np.uint8)
    write_rgb(image, result, factor, depth)
    orientation = facts.orientation
    if form in ("AVIF", "HEIC"):
        orientation = exif_orientation(image.info.get("exif") or b"")
    return Loaded(result, *full, orientation)


def _load_jpeg(data: bytes, facts: PictureFacts, factor: int) -> Rgb | None:
    """Decode by libjpeg alone, into the result itself: Pillow makes two copies on the way.

    None for files that are not in three colors of the usual kind, or with which anything is wrong:
    Pillow is to say of those what it makes of them. Where both decode, they do so alike.
    """
    height, width = (reduced(side, factor) for side in (facts.height, facts.width))
    with suppress(ValueError):
        if simplejpeg.decode_jpeg_header(data)[:3] != (facts.height, facts.width, "YCbCr"):
            return None
        rgb = np.empty((height, width, 3), np.uint8)
        found = simplejpeg.decode_jpeg(
            data, "RGB", min_height=height, min_width=width, min_factor=factor, buffer=rgb
        )
        return rgb if found.shape == rgb.shape else None
    return None


def _load_webp(data: bytes, facts: PictureFacts, factor: int) -> Rgb:
    """Decode by OpenCV, which asks libwebp for the pixels; Pillow has it make an animation."""
    import cv2

    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        if error.code == cv2.Error.STS_NO_MEM:
            raise MemoryError from error
        raise
    if found is None or found.shape[:2] != (facts.height, facts.width):
        raise truncated("WEBP")
    has_alpha = found.ndim == 3 and found.shape[2] == 4
    found = cv2.cvtColor(found, cv2.COLOR_BGRA2RGBA if has_alpha else cv2.COLOR_BGR2RGB)
    height, width = (reduced(side, factor) for side in found.shape[:2])
    if factor == 1 and not has_alpha:
        return np.asarray(found, dtype=np.uint8)
    result = np.empty((height, width, 3), np.uint8)
    rows = max(1, _BAND // (facts.width * factor)) * factor
    for top in range(0, facts.height, rows):
        part = Image.fromarray(found[top : top + rows])
        write_rgb(part, result[top // factor : reduced(top + part.height, factor)], factor)
    return result


def _opaque(band: Image.Image) -> Image.Image:
    if band.has_transparency_data:
        band = band if band.mode == "RGBA" else band.convert("RGBA")
        if band.getchannel("A").getextrema() != _OPAQUE:
            white = Image.new("RGBA", band.size, _WHITE)
            white.alpha_composite(band)
            band = white
    return band if band.mode == "RGB" else band.convert("RGB")


def _eight_bits(band: Image.Image, shift: int) -> Image.Image:
    """Deep grey without its lowest bits; Pillow would clip to the lowest 255 values instead."""
    values = np.asarray(band).astype(np.int32).clip(0, _DEEP) >> shift
    return Image.fromarray(values.clip(0, 255).astype(np.uint8)).convert("RGB")


def _surplus_bits(image: Image.Image, depth: int) -> int:
    """Bits to leave out of deep grey so that eight remain.

    Files of 16 bits often hold values of 10 or 12, which would be next to black.
    """
    _, largest = image.getextrema()
    used = int(min(max(float(largest), 0), _DEEP)).bit_length()  # type: ignore[arg-type]
    if not 8 <= depth <= 16:
        depth = next(usual for usual in _DEPTHS if usual >= used)
    return (depth if used <= depth else 16) - 8


def _tiff_depth(image: Image.Image) -> int:
    """Bits of deep grey by what a TIFF says of its samples; 0 where it says nothing of use."""
    tags = getattr(image, "tag_v2", None)
    if tags is None or not image.mode.startswith("I;16"):
        return 0
    largest, bits = (tags.get(tag) or 0 for tag in (_LARGEST_VALUE, _BITS_PER_SAMPLE))
    largest, bits = (int(max(v)) if isinstance(v, tuple) else int(v) for v in (largest, bits))
    # Samples of 16 bits say how they are stored, not how many of them are used.
    return largest.bit_length() or (bits if bits < 16 else 0)
