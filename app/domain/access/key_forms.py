"""Forms of API keys: what is handed out, for clients of each kind, and how it is recognised."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.domain.access.tokens import new_secret, parsed, token_of
from app.domain.errors.requests import InvalidKeyError, InvalidRequestError

_ACCESS_KEY = "AKFT"
_ACCESS_KEY_NAME = re.compile(_ACCESS_KEY + r"([0-9A-F]{16})")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token in its parts."""

    secret: str
    """Random; nothing but its SHA-256 is stored."""
    key_id: str | None = None
    """The key's id, where the token has it; without one the key is found by the digest."""


@dataclass(frozen=True, slots=True)
class KeyForm:
    """One form. A key of one form is none of another."""

    name: str
    make: Callable[[], str]
    """A new secret of at least 128 random bits."""
    write: Callable[[str, str], str]
    """The token for a key's id and a secret."""
    read: Callable[[str], Token]
    """The parts of a token. Raises InvalidKeyError for what cannot be one."""
    parts: Callable[[str], Mapping[str, str]] = lambda token: {"key": token}
    """What to hand out, by the names that clients have for it."""
    scopes: tuple[str, ...] = ("read",)
    """Of a key for which none are named."""
    one_collection: bool = False
    """Whether each key belongs to one collection, because requests do not name any."""
    signs: bool = False
    """Whether it is never sent and signs requests, so that its secret has to be kept, sealed."""
    hint: str = "Send `Authorization: Bearer <key>`; make one with `facet keys create`."
    """What to do without a key."""


def access_key(key_id: str) -> str:
    """The name that a key which signs has in requests: 20 capital letters and digits."""
    return f"{_ACCESS_KEY}{key_id.upper()}"


def access_key_owner(name: str) -> str | None:
    """The key's id by its name in requests; None for what is no such name."""
    found = _ACCESS_KEY_NAME.fullmatch(name)
    return None if found is None else found[1].lower()


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID as it is usually written."""
    return _UUID.fullmatch(text) is not None


def _native_parts(token: str) -> Token:
    key_id, secret = parsed(token)
    return Token(secret, key_id)


def _uuid_parts(token: str) -> Token:
    if not is_uuid(token):
        raise InvalidKeyError("The API key is not valid.", hint="Keys of this form are UUIDs.")
    return Token(token.lower())


def _signing_parts(token: str) -> Mapping[str, str]:
    name, _, secret = token.partition(":")
    return {"access_key_id": name, "secret_access_key": secret}


def _no_parts(token: str) -> Token:
    raise InvalidKeyError("Keys of this form sign requests and are never sent.")


NATIVE = KeyForm("native", make=new_secret, write=token_of, read=_native_parts)
COMPREFACE = KeyForm(
    "compreface",
    # All 128 bits are random: a UUID of version 4 would have 122.
    make=lambda: str(UUID(bytes=secrets.token_bytes(16))),
    write=lambda key_id, secret: secret,
    read=_uuid_parts,
    scopes=("write",),
    one_collection=True,
    hint="Send it as `x-api-key`; make one with `facet keys create --for compreface`.",
)
REKOGNITION = KeyForm(
    name="rekognition",
    make=lambda: secrets.token_urlsafe(30),
    write=lambda key_id, secret: f"{access_key(key_id)}:{secret}",
    read=_no_parts,
    parts=_signing_parts,
    scopes=("admin",),  # its clients make collections as they need them
    signs=True,
    hint="Sign the request; make a key with `facet keys create --for rekognition`.",
)
KEY_FORMS: Mapping[str, KeyForm] = {form.name: form for form in (NATIVE, COMPREFACE, REKOGNITION)}
"""By name."""


def form_of(name: str, collection: str | None) -> KeyForm:
    """The form of that name, for a key of that collection.

    Raises InvalidRequestError where there is no such form, and where it needs a collection.
    """
    form = KEY_FORMS.get(name)
    if form is None:
        raise InvalidRequestError(
            f"There are no keys for {name[:40]!r}.",
            hint=f"There are keys for {', '.join(KEY_FORMS)}.",
        )
    if form.one_collection and collection is None:
        raise InvalidRequestError(
            f"A key for {name} belongs to one collection, and none is named.",
            hint=f"Name it: facet keys create --for {name} --collection NAME.",
        )
    return form
