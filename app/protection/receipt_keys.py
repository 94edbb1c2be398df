"""Keys that sign receipts (Ed25519), sealed under the master key."""

import hashlib
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from app.domain.errors.requests import InvalidRequestError
from app.domain.people.receipts import ReceiptKey
from app.domain.protection import Seal


class ReceiptSigner:
    """Makes keys, and signs with them. Thread-safe."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def make(self) -> ReceiptKey:
        """A new key."""
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        key_id = key_name(public)
        sealed = self._seal.seal(private.private_bytes_raw(), _context(key_id))
        return ReceiptKey(key_id, public, sealed, datetime.now(UTC))

    def sign(self, key: ReceiptKey, text: bytes) -> bytes:
        """The signature. Raises WrongMasterKeyError and SealBrokenError."""
        private = Ed25519PrivateKey.from_private_bytes(
            self._seal.open(key.sealed, _context(key.id))
        )
        return private.sign(text)

    def verify(self, public: bytes, signature: bytes, text: bytes) -> bool:
        """Whether the private half of that key has signed the text."""
        return is_signed(public, signature, text)

    def is_current(self, key: ReceiptKey) -> bool:
        """Whether the key is under the master key that seals now."""
        return self._seal.is_current(key.sealed)

    def renewed(self, key: ReceiptKey) -> bytes:
        """The same private half, sealed under the master key that seals now."""
        context = _context(key.id)
        return self._seal.seal(self._seal.open(key.sealed, context), context)

    def pem(self, public: bytes) -> str:
        """The public half as others read it."""
        key = Ed25519PublicKey.from_public_bytes(public)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def is_signed(public: bytes, signature: bytes, text: bytes) -> bool:
    """Whether the private half of that key has signed the text."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_public(pem: bytes) -> bytes:
    """The raw public half of a PEM file. Raises InvalidRequestError."""
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidRequestError(
            "That is no public key of receipts.", hint="`facet receipts key` prints one."
        )
    return key.public_bytes_raw()


def key_name(public: bytes) -> str:
    """Name of a key by its public half."""
    return hashlib.sha256(b"facet receipts" + public).digest()[:8].hex()


def _context(key_id: str) -> str:
    return f"receipt-key/{key_id}"
