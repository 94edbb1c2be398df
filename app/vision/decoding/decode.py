"""Bytes of unknown origin to an upright RGB picture, or a clear refusal."""

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.deadlines import check_deadline
from app.domain.errors.pictures import (
    AnimatedImageError,
    EmptyImageError,
    ImageTooDemandingError,
    ImageTooLargeError,
    NotAnImageError,
    TooManyPixelsError,
    TruncatedImageError,
)
from app.vision.decoding.confined import processes
from app.vision.decoding.confined.messages import Kind
from app.vision.decoding.confined.processes import DecodingProcess
from app.vision.decoding.headers.facts import RESULT, PictureFacts
from app.vision.decoding.headers.jpeg import has_all_scans, jpeg_pixels_alone
from app.vision.decoding.headers.png import png_pixels_alone
from app.vision.decoding.headers.reading import format_of, read_facts
from app.vision.decoding.headers.webp import is_cut_webp
from app.vision.decoding.pixels import Loaded, Rgb, load_pixels, reduced, truncated
from app.vision.decoding.unknown_formats import heic_is_read, not_an_image
from models.pipelines.detection.results import default_min_face

_REDUCED_FACE = 60
"""Pixels that the smallest face asked for must still cover in a reduced picture."""
_DIRECTLY = 64 * 2**20
"""Bytes that decoding may take in the process of the request, which would keep them a while;
JPEGs, which take few, may take more."""
_SLACK = 48 * 2**20
"""Bytes that a process may take beside what its picture needs."""
_MOST_PASSES = 100
"""Over all pixels of a JPEG; programs make a dozen."""
_SECONDS = 20
"""Of processor time for one picture."""
_KINDS: dict[str, Kind] = {"WEBP": "webp", "HEIC": "heic"}
"""Kinds of process, for formats that have one to themselves."""
_NOISE = bytes(range(1, 255)) * 64


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """Limits, beyond which a picture is refused before any pixel is decoded."""

    max_bytes: int = 20 * 2**20
    max_pixels: int = 50_000_000
    max_memory: int = 256 * 2**20
    """Bytes that decoding one picture may take, its result included."""


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


@dataclass(frozen=True, slots=True)
class _Source:
    """A file as it is given to a decoder."""

    data: bytes
    facts: PictureFacts
    depth: int = 0
    """Bits of a sample by the file's own word, 0 where nothing is answer."""


def decode(data: bytes, limits: DecodeLimits | None = None, min_face: int | None = None) -> Picture:
    """Decode a picture of a known format and turn it upright by its EXIF orientation.

    Transparency is laid on white, 16 bits become 8, and of several pictures the first is
    taken; only WebP, PNG, AVIF and HEIC are refused when animated. Big pictures are decoded at
    a half, a quarter or an eighth of their size when a face of `min_face` pixels (see
    `default_min_face`) stays large enough. Formats whose decoders make room for more than
    their headers tell, and pictures that take much memory, are decoded in processes of their
    own.

    Raises EmptyImageError, ImageTooLargeError, TooManyPixelsError, ImageTooDemandingError,
    AnimatedImageError, TruncatedImageError or NotAnImageError; what `check_deadline` raises;
    OverloadedError when no process can be started; and nothing else.
    """
    limits = limits or DecodeLimits()
    _check_bytes(data, limits)
    facts = read_facts(data)
    if facts is None or (facts.format == "HEIC" and not heic_is_read()):
        raise _unreadable(data)
    factor = _factor(facts, min_face)
    _check_size(facts, factor, limits)
    source = _pixels_alone(data, facts)
    facts = source.facts
    if facts.animated and facts.format == "PNG":
        raise AnimatedImageError("Animated images are not taken.", format=facts.format)
    large = facts.format != "JPEG" and facts.memory(factor) > _DIRECTLY
    confined = (large or not facts.simple) and processes.available()
    load = _load_confined if confined else _load_directly
    try:
        loaded = load(source, factor)
    except TruncatedImageError:
        whole = _mended(source, factor, load) if facts.format == "JPEG" else None
        if whole is None:
            raise
        loaded = whole
    rgb, width, height = loaded.rgb, loaded.width, loaded.height
    if loaded.orientation in _UPRIGHT:
        rgb = np.ascontiguousarray(_UPRIGHT[loaded.orientation](rgb))
        width, height = (height, width) if loaded.orientation >= 5 else (width, height)
    return Picture(rgb, width, height, facts.format)


def count_pixels(data: bytes) -> int:
    """Pixels that a decoder would have to make room for, by the header; 0 for what `decode`
    refuses. Takes less than a millisecond and decodes nothing."""
    facts = read_facts(data)
    return facts.decoded_pixels if facts is not None else 0


_UPRIGHT: dict[int, Callable[[Rgb], Rgb]] = {
    2: lambda rgb: rgb[:, ::-1],
    3: lambda rgb: rgb[::-1, ::-1],
    4: lambda rgb: rgb[::-1],
    5: lambda rgb: rgb.swapaxes(0, 1),
    6: lambda rgb: rgb[::-1].swapaxes(0, 1),
    7: lambda rgb: rgb[::-1, ::-1].swapaxes(0, 1),
    8: lambda rgb: rgb[:, ::-1].swapaxes(0, 1),
}


def _check_bytes(data: bytes, limits: DecodeLimits) -> None:
    if not data:
        raise EmptyImageError("The image is empty.")
    if len(data) > limits.max_bytes:
        raise ImageTooLargeError(
            f"The image has {len(data):,} bytes; at most {limits.max_bytes:,} are taken.",
            bytes=len(data),
            max_bytes=limits.max_bytes,
        )


def _check_size(facts: PictureFacts, factor: int, limits: DecodeLimits) -> None:
    if facts.decoded_pixels > limits.max_pixels:
        within = "" if facts.pixels <= facts.width * facts.height else "in a tile or strip of it "
        raise TooManyPixelsError(
            f"The image has {facts.decoded_pixels:,} pixels {within}({facts.width}x{facts.height});"
            f" at most {limits.max_pixels:,} are taken.",
            hint="Send it smaller.",
            width=facts.width,
            height=facts.height,
            max_pixels=limits.max_pixels,
        )
    if facts.passes > _MOST_PASSES:
        raise _too_demanding("time", facts)
    memory = facts.memory(factor)
    if memory > limits.max_memory:
        raise TooManyPixelsError(
            f"The image has {facts.width}x{facts.height} pixels, which take "
            f"{memory / 2**20:,.0f} MiB of memory as {facts.format}; one image is given "
            f"{limits.max_memory / 2**20:,.0f} MiB.",
            hint="Send it smaller, or as a JPEG that is not progressive, which takes least.",
            width=facts.width,
            height=facts.height,
            max_pixels=limits.max_pixels,
            max_memory=limits.max_memory,
        )


def _factor(facts: PictureFacts, min_face: int | None) -> int:
    """1, 2, 4 or 8: how many times smaller the picture may become."""
    smallest = min_face or default_min_face(facts.width, facts.height)
    return next((f for f in (8, 4, 2) if smallest / f >= _REDUCED_FACE), 1)


def _pixels_alone(data: bytes, facts: PictureFacts) -> _Source:
    """The file without what pixels do not depend on, where that is ours to leave out."""
    if facts.format == "JPEG":
        return _Source(jpeg_pixels_alone(data), facts)
    if facts.format != "PNG":
        return _Source(data, facts)
    png = png_pixels_alone(data)
    if png is None:
        raise truncated("PNG")
    facts = replace(facts, animated=png.animated, orientation=png.orientation)
    return _Source(png.file, facts, png.depth)


def _load_directly(source: _Source, factor: int) -> Loaded:
    try:
        return load_pixels(io.BytesIO(source.data), source.facts, factor, source.depth)
    except MemoryError as error:
        raise _too_demanding("memory", source.facts) from error


def _load_confined(source: _Source, factor: int) -> Loaded:
    facts = source.facts
    size = reduced(facts.width, factor) * reduced(facts.height, factor) * RESULT
    order = {
        "memory": facts.memory(factor) + _SLACK,
        "seconds": _SECONDS,
        "pixels": facts.width * facts.height,
        "facts": asdict(facts),
        "factor": factor,
        "depth": source.depth,
    }
    kind = _KINDS.get(facts.format, "picture")
    try:
        with DecodingProcess(kind, source.data, size, order) as process:
            answer = process.answer(check_deadline)
            width, height, orientation = _checked(answer, facts)
            shape = (reduced(height, factor), reduced(width, factor), 3)
            return Loaded(process.picture(shape), width, height, orientation)
    except processes.OutOfMemoryError as error:
        raise _too_demanding("memory", facts) from error
    except processes.OutOfTimeError as error:
        raise _too_demanding("time", facts) from error
    except processes.DiedError as error:
        raise truncated(facts.format) from error


def _checked(answer: dict[str, Any], facts: PictureFacts) -> tuple[int, int, int]:
    """Size and orientation. Raises TruncatedImageError for what cannot be."""
    try:
        width, height = (int(side) for side in answer["size"])
        orientation = int(answer["orientation"])
    except (KeyError, TypeError, ValueError) as error:
        raise truncated(facts.format) from error
    if min(width, height) < 1 or not facts.allows(width, height):
        raise truncated(facts.format)
    return width, height, orientation


def _mended(source: _Source, factor: int, load: Callable[[_Source, int], Loaded]) -> Loaded | None:
    """A JPEG whose end marker alone is missing; None when pixels are missing as well.

    If every pixel is there, it does not matter what follows the last of them.
    """
    if not has_all_scans(source.data):
        return None
    rest = source.data.removesuffix(b"\xff")
    whole = replace(source, data=rest + b"\xff\xd9")
    try:
        made = load(whole, factor)
        other = load(replace(source, data=rest + _NOISE + b"\xff\xd9"), factor)
    except TruncatedImageError:
        return None
    return made if np.array_equal(made.rgb, other.rgb) else None


def _unreadable(data: bytes) -> NotAnImageError | TruncatedImageError:
    form = format_of(data)
    if form is None:
        return not_an_image(data)
    if form == "WEBP" and is_cut_webp(data):
        return truncated(form)
    return not_an_image(data)


def _too_demanding(what: str, facts: PictureFacts) -> ImageTooDemandingError:
    return ImageTooDemandingError(
        f"Decoding the {facts.format} image takes more {what} than its "
        f"{facts.width}x{facts.height} pixels account for.",
        hint="Save it anew, as a JPEG or PNG.",
        format=facts.format,
    )
