"""Signature version 4 of Amazon Web Services: who has signed a request, and what.

A request names a key and lists the headers that it signs; the signature is an HMAC of those, the
body's SHA-256 and the moment, by a key made of the secret, the day, the region and the service.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import parse_qsl, quote

from app.domain.errors.requests import InvalidSignatureError, MissingKeyError

ALGORITHM = "AWS4-HMAC-SHA256"
_ENDING = "aws4_request"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOMENT = "%Y%m%dT%H%M%SZ"
_MOST_HEADERS = 40


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it came, without its body."""

    method: str
    paths: Sequence[str]
    """Forms in which the client may have signed the address: a proxy may have cut a prefix off."""
    query: str
    headers: Mapping[str, str]
    """By names in small letters; several of one name are joined by commas."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature, and what it says about itself. Nothing of it is proven before `matches`."""

    access_key_id: str
    day: str
    region: str
    service: str
    signed: tuple[str, ...]
    """Names of headers, in small letters."""
    value: str
    """64 hex digits."""
    moment: datetime
    """At which it was made, as the client's clock had it."""
    payload: str | None
    """SHA-256 of the body as the client declares it; None leaves it to be computed."""

    @classmethod
    def of(cls, request: SentRequest) -> Self:
        """The signature of a request. Raises MissingKeyError or InvalidSignatureError."""
        text = request.headers.get("authorization", "")
        algorithm, _, parameters = text.partition(" ")
        if not text:
            raise MissingKeyError(
                "Missing Authentication Token", hint="Sign the request, as every AWS SDK does."
            )
        if algorithm != ALGORITHM:
            raise InvalidSignatureError(f"The request is not signed by {ALGORITHM}.")
        parts = dict(_pair(part) for part in parameters.split(",")[:4])
        scope = parts.get("Credential", "").split("/")
        value = parts.get("Signature", "")
        if len(scope) != 5 or scope[4] != _ENDING or not _DIGEST.fullmatch(value):
            raise InvalidSignatureError("Authorization lacks Credential or Signature.")
        signed = tuple(parts.get("SignedHeaders", "").split(";"))
        _check_signed(signed, request.headers)
        moment = _moment(request.headers.get("x-amz-date", ""))
        if not moment.strftime("%Y%m%d") == scope[1]:
            raise InvalidSignatureError("Date in Credential scope does not match X-Amz-Date.")
        payload = request.headers.get("x-amz-content-sha256")
        if payload is not None and not _DIGEST.fullmatch(payload):
            raise InvalidSignatureError("X-Amz-Content-Sha256 is no SHA-256 of the body.")
        return cls(scope[0], scope[1], scope[2], scope[3], signed, value, moment, payload)

    def matches(self, request: SentRequest, payload: str, secret: str) -> bool:
        """Whether the secret's holder has signed this request with a body of that SHA-256."""
        key = f"AWS4{secret}".encode()
        for part in (self.day, self.region, self.service, _ENDING):
            key = _hmac(key, part)
        expected = [self._signature(request, path, payload, key) for path in request.paths]
        return any(hmac.compare_digest(one, self.value) for one in expected)

    def _signature(self, request: SentRequest, path: str, payload: str, key: bytes) -> str:
        lines = [f"{name}:{' '.join(request.headers[name].split())}" for name in self.signed]
        canonical = "\n".join(
            [
                request.method,
                quote(path, safe="/-_.~%") or "/",
                _canonical_query(request.query),
                *lines,
                "",
                ";".join(self.signed),
                payload,
            ]
        )
        scope = "/".join((self.day, self.region, self.service, _ENDING))
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        signed = "\n".join((ALGORITHM, self.moment.strftime(_MOMENT), scope, digest))
        return _hmac(key, signed).hex()


def _check_signed(signed: Sequence[str], headers: Mapping[str, str]) -> None:
    """Raise InvalidSignatureError unless everything that decides what is done is signed."""
    needed = {"host", *(name for name in headers if name.startswith("x-amz-"))}
    if missing := sorted(needed - set(signed)):
        raise InvalidSignatureError(f"The header {missing[0][:60]!r} is not signed.")
    if len(signed) > _MOST_HEADERS or list(signed) != sorted(set(signed)):
        raise InvalidSignatureError("SignedHeaders are not in order, or too many.")
    if absent := [name for name in signed if name not in headers]:
        raise InvalidSignatureError(f"The signed header {absent[0][:60]!r} did not come.")


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidSignatureError(
            "X-Amz-Date is missing, or not as in 20260131T235959Z."
        ) from error


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.strip().partition("=")
    return name, value


def _canonical_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return "&".join(sorted(f"{quote(n, safe='-_.~')}={quote(v, safe='-_.~')}" for n, v in pairs))


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
