"""UUIDs for clients that know nothing else: of faces, which can be read back, and of pictures.

A face's number is put into a UUID of version 8 (RFC 9562), whose other bits are always the same. So
nothing has to be stored, every format names a face alike, and a UUID of another make names nobody.
"""

import hashlib
from uuid import UUID

_FACES = 0xFAC370000000
"""The first 48 bits of a face's UUID."""
_VERSION, _VARIANT = 8, 0b10
_LOW_BITS = 62
_LOW = (1 << _LOW_BITS) - 1
_LARGEST_ID = 2**63 - 1


def face_uuid(face_id: int) -> str:
    """The UUID of a face's number, in small letters."""
    return str(_assembled(_FACES, face_id >> _LOW_BITS, face_id & _LOW))


def face_of_uuid(text: str) -> int | None:
    """The number of the face; None for what is no UUID of a face."""
    try:
        number = UUID(text).int
    except ValueError:
        return None
    face_id = ((number >> 64 & 0xFFF) << _LOW_BITS) | (number & _LOW)
    if not 0 < face_id <= _LARGEST_ID or number != UUID(face_uuid(face_id)).int:
        return None
    return face_id


def picture_uuid(digest: str) -> str:
    """A UUID for the picture with this SHA-256; the digest cannot be told from it."""
    number = int.from_bytes(hashlib.sha256(f"picture {digest}".encode()).digest()[:16], "big")
    return str(_assembled(number >> 80, number >> 64 & 0xFFF, number & _LOW))


def _assembled(first: int, middle: int, last: int) -> UUID:
    """48, 12 and 62 bits with version and variant between them."""
    return UUID(int=first << 80 | _VERSION << 76 | middle << 64 | _VARIANT << 62 | last)
