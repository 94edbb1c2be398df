"""Names of the formats of files that are not read."""

from importlib.util import find_spec

from app.domain.errors.pictures import NotAnImageError
from app.vision.decoding.headers.isobmff import brands, still_format

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "AVIF")
"""MPO, several JPEGs in one file, comes with JPEG; HEIC with the extra `heic`."""
_PHONES = 'Convert it to JPEG, or set the phone\'s camera to "Most compatible".'
_BEGINNINGS = (
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"8BPS", "Photoshop"),
    (b"%PDF", "PDF"),
    (b"<svg", "SVG"),
    (b"\x1a\x45\xdf\xa3", "a video"),
)
_BRANDS = {b"crx ": "a raw photograph (CR3)", b"heic": "HEIC", b"mif1": "HEIC"}
_VIDEO = "Send recordings to /sequences."


def heic_is_read() -> bool:
    """Whether the extra is installed."""
    return find_spec("pillow_heif") is not None


def name_of(data: bytes) -> str | None:
    """The format of a file that is not read, as people call it; None when it is not known."""
    if still_format(data) is not None:
        return still_format(data)
    named = brands(data)
    if named:
        return _BRANDS.get(named[0], "a video")
    return next((name for beginning, name in _BEGINNINGS if data.startswith(beginning)), None)


def not_an_image(data: bytes) -> NotAnImageError:
    """Names the format where it is known, and what would help."""
    name = name_of(data)
    known = ", ".join((*FORMATS, "HEIC") if heic_is_read() else FORMATS)
    if name is None:
        return NotAnImageError(
            "This is not an image of a known format.", hint=f"Known are {known}."
        )
    if name in ("HEIC", "AVIF"):
        hint = f"This is {name}; {_PHONES[0].lower()}{_PHONES[1:]}"
        if name == "HEIC" and not heic_is_read():
            hint += ' The operator can add it with `pip install "facet[heic]"`.'
        return NotAnImageError(f"Images in {name} like this one are not taken.", hint=hint)
    hint = _VIDEO if name == "a video" else "Convert it to JPEG or PNG."
    return NotAnImageError(
        f"This is {name}, which is not taken as an image.", hint=f"{hint} Known are {known}."
    )
