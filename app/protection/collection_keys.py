"""Keys of sealed collections, which are sealed under the master key in their turn.

A key has two halves: one encrypts (AES-256-GCM), the other one makes of a text what it is looked up
by (HMAC-SHA256). A sealed value is the letters `FCS1`, a random nonce (12 bytes), then the value as
JSON with its tag. Its length tells steps of 64 bytes.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors.protection import SealBrokenError
from app.domain.protection import Seal

_FORM = b"FCS1"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_BODY = len(_FORM) + _NONCE_BYTES
_STEP = 64
_HELD = 1_024
"""Collections whose keys are in memory."""


class CollectionKeys:
    """Makes keys of sealed collections and opens them. Thread-safe."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal
        # By the sealed key as well: a collection that is imported again has another one.
        self._opened: Callable[[str, bytes], CollectionKey] = lru_cache(_HELD)(self._open)

    def make(self, collection_id: str) -> bytes:
        """A new key, sealed."""
        return self._seal.seal(secrets.token_bytes(2 * _KEY_BYTES), _context(collection_id))

    def of(self, collection_id: str, sealed_key: bytes) -> "CollectionKey":
        """The key, opened. Raises WrongMasterKeyError and SealBrokenError."""
        return self._opened(collection_id, sealed_key)

    def is_current(self, sealed_key: bytes) -> bool:
        """Whether the key is under the master key that seals now."""
        return self._seal.is_current(sealed_key)

    def renewed(self, collection_id: str, sealed_key: bytes) -> bytes:
        """The same key, sealed under the master key that seals now."""
        context = _context(collection_id)
        return self._seal.seal(self._seal.open(sealed_key, context), context)

    def _open(self, collection_id: str, sealed_key: bytes) -> "CollectionKey":
        return CollectionKey(self._seal.open(sealed_key, _context(collection_id)))


class CollectionKey:
    """Seals values of one collection, and makes what they are looked up by. Thread-safe."""

    def __init__(self, key: bytes) -> None:
        self._cipher, self._hashing = AESGCM(key[:_KEY_BYTES]), key[_KEY_BYTES:]

    def seal(self, value: Any, context: str) -> bytes:
        """The JSON value, encrypted; it opens with the same context alone."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        padded = text + b" " * (-len(text) % _STEP)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _FORM + nonce + self._cipher.encrypt(nonce, padded, _FORM + context.encode())

    def open(self, sealed: bytes, context: str) -> Any:
        """The value that was sealed. Raises SealBrokenError."""
        nonce = sealed[len(_FORM) : _BODY]
        try:
            if sealed[: len(_FORM)] != _FORM or len(nonce) != _NONCE_BYTES:
                raise InvalidTag
            text = self._cipher.decrypt(nonce, sealed[_BODY:], _FORM + context.encode())
        except InvalidTag as error:
            raise SealBrokenError(
                "A sealed name, id or metadata was changed, cut off, or belongs to something else.",
                hint="Restore it from a backup, or erase what it belongs to.",
            ) from error
        return json.loads(text)

    def token(self, kind: str, text: str) -> str:
        """The text that stands for another one, of that kind, where it is looked up."""
        digest = hmac.digest(self._hashing, f"{kind}\0{text}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _context(collection_id: str) -> str:
    return f"collection-key/{collection_id}"
