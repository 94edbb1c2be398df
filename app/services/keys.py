"""API keys: 256 random bits shown once, kept as a hash, with scopes and an end."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.errors import FacetError
from app.domain.errors.requests import (
    ExpiredKeyError,
    InsufficientScopeError,
    InvalidKeyError,
    InvalidRequestError,
    MissingKeyError,
    UnknownKeyError,
)
from app.domain.gallery import ApiKey
from app.domain.scopes import (
    PRESETS,
    SCOPES,
    Need,
    Scope,
    expanded,
    grantable,
    include,
    read_from,
    written,
)
from app.domain.texts import clean_text
from app.platform.request_context import note_caller
from app.services.ports import Storage

_PREFIX = "facet"
_TOUCH_INTERVAL = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller, and what they may do."""

    key_id: str
    scopes: tuple[Scope, ...]
    collection_id: str | None = None

    def may(self, need: Need) -> bool:
        """Whether it is held, or included in a scope that is."""
        return include(self.scopes, need)

    def require(self, need: Need) -> None:
        """Raise InsufficientScopeError unless the caller may."""
        if not self.may(need):
            scope = grantable(need)
            raise InsufficientScopeError(
                f"This needs the scope {scope!r}; the key has {written(self.scopes)!r}.",
                hint="Make a key with the scope: facet keys create --scope " + scope,
            )

    def require_collection(self, collection_id: str) -> None:
        """Raise InsufficientScopeError when the key is bound to another collection."""
        if self.collection_id not in (None, collection_id):
            raise InsufficientScopeError("The key is bound to another collection.")

    def require_unbound(self) -> None:
        """Raise InsufficientScopeError when the key is bound to a collection."""
        if self.collection_id is not None:
            raise InsufficientScopeError(
                "The key is bound to one collection, and this concerns all of them."
            )


LOCAL = Principal("local", ("admin",))
"""Whoever is asking while auth is off, or through the command line."""


_asker: ContextVar[Principal] = ContextVar("asker", default=LOCAL)


def current_asker() -> Principal:
    """The caller that this thread works for; LOCAL outside of requests."""
    return _asker.get()


def ask_as(principal: Principal) -> None:
    """Make the caller known to whatever runs in this context from here on."""
    _asker.set(principal)
    note_caller(key_id=principal.key_id)


class Keys:
    """Makes, checks, lists and revokes API keys."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def create(
        self,
        name: str,
        *,
        scopes: Iterable[str],
        collection: str | None = None,
        lifetime: timedelta | None = None,
    ) -> tuple[ApiKey, str]:
        """The stored key and the token to hand out, which nobody can read again.

        `scopes` may name presets. Raises InvalidRequestError when no scope is given, or one that
        there is not, and for a name that cannot be kept.
        """
        held = _checked(scopes)
        name = clean_text(name, "name")
        key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        now = datetime.now(UTC)
        with self._storage.write() as uow:
            bound = uow.collections.get(collection).id if collection else None
            key = ApiKey(
                id=key_id,
                name=name,
                digest=_digest(secret),
                scopes=held,
                collection_id=bound,
                created_at=now,
                expires_at=now + lifetime if lifetime else None,
            )
            uow.keys.add(key)
        return key, f"{_PREFIX}_{key_id}_{secret}"

    def authenticate(self, token: str | None) -> Principal:
        """Raises MissingKeyError, InvalidKeyError or ExpiredKeyError."""
        if not token:
            raise MissingKeyError(
                "This needs an API key.",
                hint="Send `Authorization: Bearer <key>`; make one with `facet keys create`.",
            )
        key_id, secret = _parse(token)
        with self._storage.read() as uow:
            key = uow.keys.get(key_id)
        # An unknown key costs the same comparison as a known one.
        known = hmac.compare_digest(key.digest if key else "0" * 64, _digest(secret))
        key = _check_valid(key if known else None)
        now = datetime.now(UTC)
        if key.last_used_at is None or now - key.last_used_at > _TOUCH_INTERVAL:
            # Knowing when a key was last used is not worth refusing a request for.
            with suppress(FacetError), self._storage.write() as uow:
                uow.keys.touch(key.id, now)
        return Principal(key.id, key.scopes, key.collection_id)

    def check(self, principal: Principal) -> None:
        """Raise InvalidKeyError or ExpiredKeyError when the caller's key has ended meanwhile."""
        if principal == LOCAL:
            return
        with self._storage.read() as uow:
            _check_valid(uow.keys.get(principal.key_id))

    def list(self) -> Sequence[ApiKey]:
        with self._storage.read() as uow:
            return uow.keys.list()

    def revoke(self, key_id: str) -> None:
        """Raises UnknownKeyError."""
        with self._storage.write() as uow:
            if not uow.keys.revoke(key_id, datetime.now(UTC)):
                raise UnknownKeyError(
                    f"There is no API key {key_id!r}.", hint="`facet keys list` shows them."
                )
            uow.allowances.remove_of_key(key_id)


def _check_valid(key: ApiKey | None) -> ApiKey:
    """The key. Raises InvalidKeyError or ExpiredKeyError unless it is good at this moment."""
    if key is None or key.revoked_at is not None:
        raise InvalidKeyError("The API key is not valid.", hint="It may have been revoked.")
    if key.expires_at is not None and key.expires_at <= datetime.now(UTC):
        raise ExpiredKeyError(
            f"The API key expired at {key.expires_at.isoformat(timespec='seconds')}.",
            hint="Make a new one with `facet keys create`.",
        )
    return key


def _checked(scopes: Iterable[str]) -> tuple[Scope, ...]:
    wanted = expanded(scopes)
    strange = sorted(wanted.difference(SCOPES))
    if strange or not wanted:
        raise InvalidRequestError(
            f"There is no scope {strange[0]!r}." if strange else "A key needs a scope.",
            hint=f"Scopes are {', '.join(SCOPES)}; presets are {', '.join(PRESETS)}.",
        )
    return read_from(" ".join(wanted))


def _parse(token: str) -> tuple[str, str]:
    prefix, _, rest = token.partition("_")
    key_id, _, secret = rest.partition("_")
    if prefix != _PREFIX or not key_id or not secret:
        raise InvalidKeyError(
            "The API key is not valid.", hint="Keys begin with `facet_` and come in one piece."
        )
    return key_id, secret


def _digest(secret: str) -> str:
    # A secret of 256 random bits needs no slow hash: it cannot be guessed from its SHA-256.
    return hashlib.sha256(secret.encode()).hexdigest()
