"""Kinds of files, by their first bytes: suffixes are what somebody once called them."""

import re
from dataclasses import dataclass

HEAD = 512
"""Bytes that `kind_of` looks at."""
RAW_SUFFIXES = frozenset(
    f".{kind}"
    for kind in (
        *("3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "fff", "iiq", "k25", "kdc"),
        *("mef", "mos", "mrw", "nef", "nrw", "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2"),
        *("srf", "srw", "x3f"),
    )
)
PICTURE_SUFFIXES = RAW_SUFFIXES | frozenset(
    f".{kind}"
    for kind in (
        *("avif", "avifs", "bmp", "dib", "exr", "gif", "hdp", "heic", "heics", "heif", "heifs"),
        *("hif", "j2k", "jfif", "jif", "jp2", "jpe", "jpeg", "jpf", "jpg", "jpx", "jxl"),
        *("jxr", "mpo", "pbm", "pgm", "pjpeg", "png", "pnm", "ppm", "psb", "psd"),
        *("tga", "tif", "tiff", "wdp", "webp", "xcf"),
    )
)
"""Endings of names that promise a picture."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of content."""

    name: str
    """Name that people use: HEIC, text, video."""
    is_picture: bool = False


_TEXT, _VIDEO, _AUDIO, _ARCHIVE = Kind("text"), Kind("video"), Kind("sound"), Kind("archive")
_UNKNOWN = Kind("unknown content")
_RAW = Kind("raw photograph", True)
_NAMED = {
    name: Kind(name, True)
    for name in (
        *("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "AVIF", "HEIC"),
        *("JPEG XL", "JPEG 2000", "JPEG XR", "Photoshop", "GIMP", "OpenEXR", "portable pixmap"),
    )
}
_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", _NAMED["JPEG"]),
    (b"\x89PNG\r\n\x1a\n", _NAMED["PNG"]),
    (b"GIF87a", _NAMED["GIF"]),
    (b"GIF89a", _NAMED["GIF"]),
    (b"II\xbc\x01", _NAMED["JPEG XR"]),
    (b"\xff\x0a", _NAMED["JPEG XL"]),
    (b"\0\0\0\x0cJXL ", _NAMED["JPEG XL"]),
    (b"\0\0\0\x0cjP  ", _NAMED["JPEG 2000"]),
    (b"\xff\x4f\xff\x51", _NAMED["JPEG 2000"]),
    (b"8BPS", _NAMED["Photoshop"]),
    (b"gimp xcf", _NAMED["GIMP"]),
    (b"\x76\x2f\x31\x01", _NAMED["OpenEXR"]),
    (b"\0\0\x01\0", Kind("icon")),
    (b"FUJIFILMCCD-RAW", _RAW),
    (b"FOVb", _RAW),
    (b"\0MRM", _RAW),
    (b"II\x1a\0\0\0HEAPCCDR", _RAW),
    (b"IIRO", _RAW),
    (b"IIRS", _RAW),
    (b"MMOR", _RAW),
    (b"IIU\0", _RAW),
    (b"II*\0", _NAMED["TIFF"]),
    (b"MM\0*", _NAMED["TIFF"]),
    (b"II+\0", _NAMED["TIFF"]),
    (b"MM\0+", _NAMED["TIFF"]),
    (b"%PDF", Kind("PDF")),
    (b"PK\x03\x04", _ARCHIVE),
    (b"PK\x05\x06", _ARCHIVE),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"\x1a\x45\xdf\xa3", _VIDEO),
    (b"\0\0\x01\xba", _VIDEO),
    (b"\0\0\x01\xb3", _VIDEO),
    (b"FLV\x01", _VIDEO),
    (b"0&\xb2u\x8ef\xcf\x11", _VIDEO),
    (b"ID3", _AUDIO),
    (b"OggS", _AUDIO),
    (b"fLaC", _AUDIO),
    (b"SQLite format 3\0", Kind("database")),
)
_RIFF = {b"WEBP": _NAMED["WEBP"], b"AVI ": _VIDEO, b"WAVE": _AUDIO}
_HEIC_BRANDS = frozenset(
    (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1")
)
_BMP_HEADERS = frozenset((12, 16, 40, 52, 56, 64, 108, 124))
"""Bytes of the header that follows the first 14."""
_SVG = re.compile(rb"\s*(<\?xml.{0,400})?(<!--.{0,400})?(<!doctype svg|<svg)", re.I | re.S)


def kind_of(head: bytes, suffix: str = "") -> Kind:
    """The kind of a file that begins with `head`, at least `HEAD` bytes of it.

    The suffix tells nothing but a camera's raw photographs from the TIFF files that they are.
    """
    kind = _kind_of(head)
    if kind.name == "TIFF" and (suffix.lower() in RAW_SUFFIXES or head[8:10] == b"CR"):
        return _RAW
    return kind


def _kind_of(head: bytes) -> Kind:
    found = next((kind for beginning, kind in _BEGINNINGS if head.startswith(beginning)), None)
    if found is not None:
        return found
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], _UNKNOWN)
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return _NAMED["BMP"]
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return _VIDEO
    if head[:1] == b"\x47" and head[188:189] == b"\x47":
        return _VIDEO
    if re.match(rb"P[1-6][\s#]", head):
        return _NAMED["portable pixmap"]
    if _SVG.match(head):
        return Kind("SVG")
    return _TEXT if _is_text(head) else _UNKNOWN


def _of_brands(head: bytes) -> Kind:
    """A kind of the MP4 family, by the brands that it says it is readable as."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, size - 3, 4))}
    if major == b"crx ":
        return _RAW
    if brands & {b"avif", b"avis"}:
        return _NAMED["AVIF"]
    return _NAMED["HEIC"] if brands & _HEIC_BRANDS else _VIDEO


def _is_text(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return not re.search(rb"[\0-\x06\x0e-\x1a\x1c-\x1f\x7f]", head)
