"""Every format's header, by one name."""

from app.vision.decoding.headers.bmp import bmp_facts, is_bmp
from app.vision.decoding.headers.facts import PictureFacts
from app.vision.decoding.headers.gif import gif_facts, is_gif
from app.vision.decoding.headers.isobmff import isobmff_facts, still_format
from app.vision.decoding.headers.jpeg import is_jpeg, jpeg_facts
from app.vision.decoding.headers.png import is_png, png_facts
from app.vision.decoding.headers.tiff import is_tiff, tiff_facts
from app.vision.decoding.headers.webp import is_webp, webp_facts

_FORMATS = (
    ("JPEG", is_jpeg, jpeg_facts),
    ("PNG", is_png, png_facts),
    ("WEBP", is_webp, webp_facts),
    ("GIF", is_gif, gif_facts),
    ("TIFF", is_tiff, tiff_facts),
    ("BMP", is_bmp, bmp_facts),
)


def format_of(data: bytes) -> str | None:
    """The format by the first bytes; None for what is no picture of a known format."""
    for name, belongs, _ in _FORMATS:
        if belongs(data):
            return name
    return still_format(data)


def read_facts(data: bytes) -> PictureFacts | None:
    """Facts that the header promises, in less than a millisecond; None when it promises nothing."""
    for _, belongs, facts in _FORMATS:
        if belongs(data):
            return facts(data)
    return isobmff_facts(data)
