"""Signature version 4, by the published test suite of AWS and by what must not pass."""

from dataclasses import replace
from hashlib import sha256

import pytest

from app.domain.access.signatures import SentRequest, Signature
from app.domain.errors.requests import InvalidSignatureError, MissingKeyError

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
EMPTY = sha256(b"").hexdigest()
SCOPE = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"
VALUE = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
HEADERS = {
    "host": "example.amazonaws.com",
    "x-amz-date": "20150830T123600Z",
    "authorization": f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;x-amz-date, "
    f"Signature={VALUE}",
}
VANILLA = SentRequest("GET", ["/"], "", HEADERS)


def with_authorization(old: str, new: str) -> dict[str, str]:
    return {**HEADERS, "authorization": HEADERS["authorization"].replace(old, new)}


def test_the_published_example_is_proven() -> None:
    signature = Signature.of(VANILLA)
    assert (signature.access_key_id, signature.region) == ("AKIDEXAMPLE", "us-east-1")
    assert signature.matches(VANILLA, EMPTY, SECRET)


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "POST"},
        {"paths": ["/other"]},
        {"query": "a=b"},
        {"headers": {**HEADERS, "host": "example.org"}},
        {"headers": with_authorization("20150830/us-east-1", "20150830/us-east-2")},
        {"headers": with_authorization("/service/", "/other/")},
        {"headers": with_authorization(VALUE, "0" * 64)},
    ],
)
def test_whatever_is_changed_no_longer_matches(changed: dict[str, object]) -> None:
    request = replace(VANILLA, **changed)  # type: ignore[arg-type]
    assert not Signature.of(request).matches(request, EMPTY, SECRET)


def test_body_and_secret_are_part_of_it() -> None:
    signature = Signature.of(VANILLA)
    assert not signature.matches(VANILLA, sha256(b"x").hexdigest(), SECRET)
    assert not signature.matches(VANILLA, EMPTY, SECRET + "x")


@pytest.mark.parametrize(
    "headers",
    [
        with_authorization("AWS4-HMAC-SHA256", "Bearer"),
        with_authorization("aws4_request", "aws5_request"),
        with_authorization(VALUE, VALUE.upper()),
        with_authorization(VALUE, VALUE[:-1]),
        with_authorization("host;x-amz-date", "x-amz-date"),
        with_authorization("host;x-amz-date", "x-amz-date;host"),
        with_authorization("host;x-amz-date", "host;x-absent;x-amz-date"),
        with_authorization("20150830/", "20150831/"),
        {**HEADERS, "x-amz-target": "not.signed"},
        {**HEADERS, "x-amz-date": "now"},
        {name: value for name, value in HEADERS.items() if name != "x-amz-date"},
        {**HEADERS, "authorization": "AWS4-HMAC-SHA256 "},
        {**HEADERS, "authorization": "AWS4-HMAC-SHA256"},
        {**HEADERS, "authorization": "AWS4-HMAC-SHA256 " + "=,;/" * 500},
    ],
)
def test_what_is_no_signature_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(InvalidSignatureError):
        Signature.of(SentRequest("GET", ["/"], "", headers))


def test_an_unsigned_request_lacks_a_key() -> None:
    with pytest.raises(MissingKeyError):
        Signature.of(SentRequest("GET", ["/"], "", {"host": "example.org"}))
