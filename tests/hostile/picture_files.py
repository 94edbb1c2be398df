"""Makers of hostile pictures: small files that promise much."""

import io
import random
import struct
import zlib
from functools import cache

import numpy as np
from PIL import Image


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


@cache
def scene(size: int = 64) -> Image.Image:
    noise = np.random.default_rng(5).integers(0, 256, (size, size, 3), dtype=np.uint8)
    return Image.fromarray(noise)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def png(
    width: int, height: int, depth: int = 8, colour: int = 2, rows: bytes = b"", extra: bytes = b""
) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(rows or bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + header + extra + pixels + png_chunk(b"IEND", b"")


def packed_zeros(count: int) -> bytes:
    """Zlib stream of so many zeros, made of a packed megabyte again and again."""
    packer = zlib.compressobj(6, wbits=-15)
    megabyte = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = packer.compress(bytes(count % 2**20)) + packer.flush()
    checksum = count % 65_521 << 16 | 1  # Adler-32 of zeros
    return b"\x78\x9c" + megabyte * (count // 2**20) + rest + struct.pack(">I", checksum)


def real_png(side: int, depth: int, colour: int) -> bytes:
    """All of its pixels are there, and nothing else is said."""
    bands = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    packed = packed_zeros(side * (1 + side * bands * depth // 8))
    head = png(side, side, depth, colour)
    return head[:33] + png_chunk(b"IDAT", packed) + png_chunk(b"IEND", b"")


def with_chunks(*chunks: bytes) -> bytes:
    data = saved(scene(), "PNG")
    return data[:33] + b"".join(chunks) + data[33:]


def tiny_pixels_chunks() -> bytes:
    """A million empty chunks of pixels."""
    data = saved(scene(), "PNG")
    return data[:33] + png_chunk(b"IDAT", b"") * 1_000_000 + data[33:]


def patched(data: bytes, *at: tuple[int, bytes]) -> bytes:
    changed = bytearray(data)
    for position, value in at:
        changed[position : position + len(value)] = value
    return bytes(changed)


def jpeg_of_size(width: int, height: int, **options: object) -> bytes:
    data = saved(scene(), "JPEG", **options)
    frame = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    return patched(data, (frame + 5, struct.pack(">HH", height, width)))


def jpeg_of_many_scans() -> bytes:
    """A progressive picture of 4,000 pixels a side, its last scan ten thousand times."""
    data = saved(Image.new("L", (4000, 4000)), "JPEG", progressive=True)
    last = data.rfind(b"\xff\xda")
    return data[:last] + data[last:-2] * 10_000 + data[-2:]


def exif_of_overlapping_fields(fields: int, size: int) -> bytes:
    """A block whose fields all are the whole block."""
    entry = b"".join(struct.pack("<HHII", 0x9000 + i % 0x6000, 1, size, 8) for i in range(fields))
    body = b"II*\0" + struct.pack("<IH", 8, fields) + entry + bytes(4)
    return b"Exif\0\0" + body.ljust(size + 8, b"\0")


def jpeg_of_exif(fields: int = 5000, size: int = 65_000) -> bytes:
    block = exif_of_overlapping_fields(fields, size)[:65_533]
    data = saved(scene(), "JPEG")
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]


def tiff(fields: dict[int, tuple[int, int]], after: bytes = b"", order: str = "<") -> bytes:
    """Grey, 8 bits; `fields` are tags with kind and value."""
    usual = {256: (4, 64), 257: (4, 64), 258: (3, 8), 259: (3, 1), 262: (3, 1), 277: (3, 1)}
    said = sorted((usual | fields).items())
    mark = b"II*\0" if order == "<" else b"MM\0*"
    body = b"".join(
        struct.pack(f"{order}HHI", tag, kind, 1)
        + struct.pack(
            f"{order}{'I' if kind == 4 else 'HH'}", *([value] if kind == 4 else [value, 0])
        )
        for tag, (kind, value) in said
    )
    return mark + struct.pack(f"{order}IH", 8, len(said)) + body + bytes(4) + after


def tiled_tiff(side: int, order: str = "<") -> bytes:
    # Packed: libtiff makes room for a whole tile then.
    tile = {259: (3, 8), 322: (4, side), 323: (4, side), 324: (4, 8), 325: (4, 4096)}
    return tiff(tile, bytes(64), order)


def deflated_tile(side: int) -> bytes:
    tile = packed_zeros(side * side)
    at = 8 + 2 + 12 * 10 + 4
    fields = {322: (4, side), 323: (4, side), 324: (4, at), 325: (4, len(tile)), 259: (3, 8)}
    return tiff(fields, tile)


def overlapping_tiff(fields: int = 20_000, size: int = 400_000) -> bytes:
    """A directory whose fields all are the whole file."""
    plain = tiff({})
    count = int.from_bytes(plain[8:10], "little")
    more = b"".join(struct.pack("<HHII", 0x9000 + i, 1, size, 8) for i in range(fields))
    data = patched(plain[:-4], (8, struct.pack("<H", count + fields))) + more + bytes(4)
    return data.ljust(size + 8, b"\0")


def looping_tiff() -> bytes:
    data = tiff({273: (4, 8), 278: (4, 64), 279: (4, 4096)})
    return data[:-4] + struct.pack("<I", 8)


def webp_still(width: int, height: int) -> bytes:
    """A lossless header without pixels."""
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + b"\x07\x10\xfd\x8f\xfe\x07" + b"\x22\xa2\xff\x01"
    body += bytes(len(body) % 2)
    return (
        b"RIFF"
        + struct.pack("<I", len(body) + 12)
        + b"WEBPVP8L"
        + struct.pack("<I", len(body))
        + body
    )


def webp_canvas(width: int, height: int, flags: int = 0) -> bytes:
    inner = saved(scene(), "WEBP")[12:]
    head = (
        bytes([flags, 0, 0, 0])
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    body = b"WEBPVP8X" + struct.pack("<I", 10) + head + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body


def bmp_of_size(width: int, height: int, compression: int = 0) -> bytes:
    data = saved(scene(), "BMP")
    return patched(data, (18, struct.pack("<ii", width, height)), (30, bytes([compression])))


def bmp_of_escapes() -> bytes:
    """Run lengths that jump down 255 rows of a million pixels."""
    head = b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1024)
    info = struct.pack("<IiiHHIIiiII", 40, 1_000_000, 50, 1, 8, 1, 0, 0, 0, 256, 0)
    return head + info + bytes(1024) + b"\0\2\0\xff" * 400


def gif(width: int, height: int, *frames: tuple[int, int, int, int]) -> bytes:
    """Frames of no pixels at those places."""
    table = bytes(range(6))
    body = b"".join(
        b"\x2c" + struct.pack("<HHHH", *frame) + b"\0" + b"\x02\x02\x4c\x01\0" for frame in frames
    )
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0" + table + body + b"\x3b"


def avif_of_size(width: int, height: int) -> bytes:
    data = saved(scene(), "AVIF")
    at = data.find(b"ispe")
    return patched(data, (at + 8, struct.pack(">II", width, height)))


def nested_boxes(form: bytes) -> bytes:
    inner = b""
    for _ in range(5000):
        inner = struct.pack(">I", len(inner) + 8) + b"meta" + inner
    return struct.pack(">I", 16) + b"ftyp" + form + bytes(4) + inner


def cut(form: str, part: float) -> bytes:
    data = saved(scene(), form)
    return data[: int(len(data) * part)]


def first_bytes(form: str) -> bytes:
    return saved(scene(), form)[:14]


def scrambled(form: str, seed: int) -> bytes:
    """A tenth of the bytes behind the header are noise."""
    rng, data = random.Random(seed), bytearray(saved(scene(), form))
    for _ in range(len(data) // 10):
        data[rng.randrange(64, len(data))] = rng.randrange(256)
    return bytes(data)
