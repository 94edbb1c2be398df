"""Base64 is taken as clients write it, and refused where it cannot be meant."""

import base64
import textwrap
from urllib.parse import quote

import pytest

from app.domain.base64_text import decode_base64
from app.domain.errors.requests import InvalidBase64Error

DATA = bytes(range(251, 256)) * 77 + b"\xff\xd8\xfb?>"
PLAIN = base64.b64encode(DATA).decode()
URL_SAFE = base64.urlsafe_b64encode(DATA).decode()

FORMS = {
    "plain": PLAIN,
    "lines of 76": base64.encodebytes(DATA).decode(),
    "lines of 64 with CRLF": "\r\n".join(textwrap.wrap(PLAIN, 64)),
    "blanks around it": f" \t{PLAIN}\v\f\n",
    "URL-safe": URL_SAFE,
    "no padding": PLAIN.rstrip("="),
    "URL-safe without padding": URL_SAFE.rstrip("="),
    "both alphabets": PLAIN[:100] + URL_SAFE[100:],
    "percent-encoded": quote(PLAIN, safe=""),
    "data URI": f"data:image/jpeg;base64,{PLAIN}",
    "data URI in capitals": f"DATA:IMAGE/JPEG;BASE64,{PLAIN}",
    "data URI with parameters": f"data:image/jpeg;name=a.jpg;charset=utf-8;base64,{PLAIN}",
    "data URI without a type": f"data:;base64,{PLAIN}",
    "data URI that forgets base64": f"data:image/jpeg,{PLAIN}",
    "data URI with line breaks": f"\ndata:image/jpeg;base64,\n{base64.encodebytes(DATA).decode()}",
    "data URI, percent-encoded": f"data:image/png;base64,{quote(PLAIN, safe='')}",
    "data URI, a few signs percent-encoded": "data:image/png;base64,"
    + PLAIN.replace("+", "%2b").replace("=", "%3d"),
    "data URI of percent-encoded bytes": f"data:image/jpeg,{quote(DATA)}",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_usual_form_gives_the_bytes(form: str) -> None:
    assert decode_base64(FORMS[form]) == DATA


@pytest.mark.parametrize("length", range(7))
def test_any_length_survives_without_padding(length: int) -> None:
    data = DATA[:length]
    assert decode_base64(base64.b64encode(data).decode().rstrip("=")) == data


@pytest.mark.parametrize(
    "text", ["not*base64!", "/etc/passwd.", "AAAAA", "AA=A", "QUJD\u00e9", "data:,é", "AAAA\x00"]
)
def test_what_cannot_be_base64_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(InvalidBase64Error) as refusal:
        decode_base64(text)
    assert "file name" in refusal.value.hint
    assert text not in refusal.value.message
