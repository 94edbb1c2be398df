"""Tokens of API keys: an id, and 256 random bits of which only the SHA-256 is kept."""

import hashlib
import secrets

from app.domain.errors.requests import InvalidKeyError

_PREFIX = "facet"


def new_id() -> str:
    """The id of a new key, which is no secret."""
    return secrets.token_hex(8)


def new_secret() -> str:
    """The secret of a new key."""
    return secrets.token_urlsafe(32)


def token_of(key_id: str, secret: str) -> str:
    """The token that clients send."""
    return f"{_PREFIX}_{key_id}_{secret}"


def parsed(token: str) -> tuple[str, str]:
    """The id and the secret of a token. Raises InvalidKeyError."""
    prefix, _, rest = token.partition("_")
    key_id, _, secret = rest.partition("_")
    if prefix != _PREFIX or not key_id or not secret:
        raise InvalidKeyError(
            "The API key is not valid.", hint="Keys begin with `facet_` and come in one piece."
        )
    return key_id, secret


def digest_of(secret: str) -> str:
    """The SHA-256 of a secret in hex: 128 random bits and more cannot be guessed from it."""
    return hashlib.sha256(secret.encode()).hexdigest()
