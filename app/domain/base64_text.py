"""Base64 as programs write it: one reading for every way that a file comes as text."""

import binascii
from contextlib import suppress
from urllib.parse import unquote_to_bytes

import pybase64

from app.domain.errors.requests import InvalidBase64Error

_STANDARD = bytes.maketrans(b"-_", b"+/")
_SPACE = b" \t\n\v\f\r"
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def decode_base64(text: str) -> bytes:
    """Decode the bytes of a file that was written as base64.

    Takes line breaks and other ASCII white space, the URL-safe alphabet, missing padding,
    percent-encoding, and a data URI around it all. Raises InvalidBase64Error.
    """
    with suppress(ValueError):  # as nearly all programs write it, read in a fraction of the time
        return pybase64.b64decode(text, validate=True)
    encoded = _ascii(text)
    head, comma, content = encoded[:200].lstrip(_SPACE).partition(b",")
    if comma and head[:5].lower() == b"data:":
        content = encoded[encoded.index(b",") + 1 :]
        if b"%" in content:
            content = unquote_to_bytes(content)
            if not _names_base64(head) and not content.isascii():
                return content  # the bytes themselves, as RFC 2397 has it
        encoded = content
    elif b"%" in encoded:
        encoded = unquote_to_bytes(encoded)
    digits = encoded.translate(_STANDARD, _SPACE).rstrip(b"=")
    if digits.translate(None, _ALPHABET):
        raise _invalid("It holds characters that base64 does not have.")
    if len(digits) % 4 == 1:
        raise _invalid("Its length is not that of any base64; the end may be missing.")
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def _names_base64(head: bytes) -> bool:
    return head.rstrip().lower().endswith(b";base64")


def _ascii(text: str) -> bytes:
    try:
        return text.encode("ascii")
    except UnicodeEncodeError as error:
        raise _invalid("It holds characters that base64 does not have.") from error


def _invalid(why: str) -> InvalidBase64Error:
    return InvalidBase64Error(
        f"A file is not valid base64. {why}",
        hint="Send base64 (RFC 4648, standard or URL-safe), alone or in a data URI; in a form, "
        "give a part that is a file a file name.",
    )
