"""Pictures encrypted under data keys, which are sealed under the master key in their turn.

A protected picture is the letters `FCP1`, a nonce (12 bytes), then what is encrypted with its tag,
by AES-256-GCM. The nonce follows from key and picture, so that one picture kept twice under one key
is one file; keys differ by subject, so that nobody sees whether two subjects share a picture.
"""

import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors.protection import SealBrokenError
from app.domain.protection import Seal

_FORM = b"FCP1"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_BODY = len(_FORM) + _NONCE_BYTES


class DataKeys:
    """Makes data keys and encrypts pictures under them. Thread-safe."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def make(self, key_id: str) -> bytes:
        """A new data key, sealed."""
        # Two keys: one encrypts, the other one makes nonces.
        return self._seal.seal(secrets.token_bytes(2 * _KEY_BYTES), _context(key_id))

    def renewed(self, key_id: str, sealed_key: bytes) -> bytes:
        """The same data key, sealed under the master key that seals now."""
        return self._seal.seal(self._seal.open(sealed_key, _context(key_id)), _context(key_id))

    def is_current(self, sealed_key: bytes) -> bool:
        """Whether the data key is under the master key that seals now."""
        return self._seal.is_current(sealed_key)

    def encrypt(self, key_id: str, sealed_key: bytes, picture: bytes) -> bytes:
        """The picture under the data key."""
        key = self._seal.open(sealed_key, _context(key_id))
        nonce = hmac.digest(key[_KEY_BYTES:], picture, "sha256")[:_NONCE_BYTES]
        body = AESGCM(key[:_KEY_BYTES]).encrypt(nonce, picture, _FORM + key_id.encode())
        return _FORM + nonce + body

    def decrypt(self, key_id: str, sealed_key: bytes, stored: bytes) -> bytes:
        """The picture. Raises SealBrokenError where the file is not what was encrypted."""
        key = self._seal.open(sealed_key, _context(key_id))
        nonce = stored[len(_FORM) : _BODY]
        try:
            if stored[: len(_FORM)] != _FORM or len(nonce) != _NONCE_BYTES:
                raise InvalidTag
            cipher = AESGCM(key[:_KEY_BYTES])
            return cipher.decrypt(nonce, stored[_BODY:], _FORM + key_id.encode())
        except InvalidTag as error:
            raise SealBrokenError(
                "A kept picture was changed or cut off.",
                hint="Restore it from a backup, or erase its face.",
            ) from error


def _context(key_id: str) -> str:
    return f"data-key/{key_id}"
