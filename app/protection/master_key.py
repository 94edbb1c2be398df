"""Bytes sealed under the master key, by AES-256-GCM.

A sealed text is the letters `FCT1`, the id of its key (8 bytes), a random nonce (12 bytes), then
what is encrypted with its tag (16 bytes). Letters, id and context are authenticated along with it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from app.domain.errors.protection import SealBrokenError, WrongMasterKeyError

KEY_BYTES = 32
_FORM = b"FCT1"
_ID_BYTES = 8
_NONCE_BYTES = 12
_HEAD = len(_FORM) + _ID_BYTES
_SHORTEST = _HEAD + _NONCE_BYTES + 16


class MasterKey:
    """Seals with the first of its keys and opens with any of them. Thread-safe."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """`keys`: one or more of 32 bytes; those after the first were used before."""
        self._keys = {_id_of(key): AESGCM(key) for key in keys}
        self._marking = {_id_of(key).hex(): _derived(key) for key in keys}
        self._deriving = {_id_of(key).hex(): _extracted(key) for key in keys}
        self._first = _id_of(keys[0])

    @property
    def id(self) -> str:
        """Name of the key that seals, which tells nothing about it."""
        return self._first.hex()

    @property
    def ids(self) -> frozenset[str]:
        """Names of all keys that open."""
        return frozenset(name.hex() for name in self._keys)

    def seal(self, plain: bytes, context: str) -> bytes:
        """The bytes, encrypted; they open with the same context alone."""
        head, nonce = _FORM + self._first, secrets.token_bytes(_NONCE_BYTES)
        sealed = self._keys[self._first].encrypt(nonce, plain, head + context.encode())
        return head + nonce + sealed

    def is_sealed(self, data: bytes) -> bool:
        """Whether the bytes have the form of sealed ones."""
        return is_sealed(data)

    def is_current(self, sealed: bytes) -> bool:
        """Whether the key that seals now has sealed the bytes."""
        return sealed_by(sealed) == self.id

    def mark(self, text: bytes) -> str:
        """Name of the key that seals, a colon, and what only it makes of the text."""
        return f"{self.id}:{_digest(self._marking[self.id], text)}"

    def is_marked(self, text: bytes, mark: str | None) -> bool:
        """Whether one of the keys has made the mark of that text."""
        name, _, digest = (mark or "").partition(":")
        key = self._marking.get(name)
        return key is not None and hmac.compare_digest(_digest(key, text), digest)

    def derived(self, name: str, context: str) -> bytes:
        """32 secret bytes (HKDF-SHA256) by the key of that name. Raises WrongMasterKeyError."""
        if name not in self._deriving:
            raise wrong_key({name}, self)
        expand = HKDFExpand(SHA256(), 32, info=context.encode())
        return expand.derive(self._deriving[name])

    def open(self, sealed: bytes, context: str) -> bytes:
        """The bytes that were sealed. Raises WrongMasterKeyError or SealBrokenError."""
        if not is_sealed(sealed):
            raise SealBrokenError("What should be protected data is none.", hint=_BROKEN)
        name = sealed[len(_FORM) : _HEAD]
        if name not in self._keys:
            raise wrong_key({name.hex()}, self)
        nonce = sealed[_HEAD : _HEAD + _NONCE_BYTES]
        try:
            return self._keys[name].decrypt(
                nonce, sealed[_HEAD + _NONCE_BYTES :], sealed[:_HEAD] + context.encode()
            )
        except InvalidTag as error:
            raise SealBrokenError(
                "Protected data was changed, cut off, or belongs to something else.", hint=_BROKEN
            ) from error


_BROKEN = "Restore it from a backup, or erase what it belongs to."


def is_sealed(data: bytes) -> bool:
    """Whether the bytes have the form of sealed ones."""
    return data[: len(_FORM)] == _FORM and len(data) >= _SHORTEST


def sealed_by(data: bytes) -> str:
    """Name of the key that has sealed the bytes."""
    return data[len(_FORM) : _HEAD].hex()


def wrong_key(needed: set[str], at_hand: MasterKey) -> WrongMasterKeyError:
    """The error for data under keys that are not at hand."""
    return WrongMasterKeyError(
        f"The data is protected by the master key {', '.join(sorted(needed))}; the one at hand "
        f"is {at_hand.id}.",
        hint="Name the right one by FACET_MASTER_KEY_FILE or FACET_MASTER_KEY_COMMAND. A new place "
        "gets the file of the old one; nothing was changed.",
    )


def _digest(key: bytes, text: bytes) -> str:
    return hmac.digest(key, text, "sha256").hex()


def _derived(key: bytes) -> bytes:
    """A key for marks alone: nothing is encrypted with it."""
    return hmac.digest(key, b"facet marks", "sha256")


def _extracted(key: bytes) -> bytes:
    """The first step of HKDF, for secrets that are made of the key and its context alone."""
    return hmac.digest(b"facet derived secrets", key, "sha256")


def _id_of(key: bytes) -> bytes:
    return hashlib.sha256(b"facet master key" + key).digest()[:_ID_BYTES]
