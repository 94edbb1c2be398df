"""API keys: random bits shown once, kept as a hash, with scopes and an end."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from app.domain.access.key_forms import KEY_FORMS, NATIVE, KeyForm, form_of
from app.domain.access.limits import NO_LIMITS, KeyLimits
from app.domain.access.tokens import digest_of, new_id
from app.domain.errors import FacetError
from app.domain.errors.requests import (
    ExpiredKeyError,
    InsufficientScopeError,
    InvalidKeyError,
    InvalidRequestError,
    LastAdminKeyError,
    MissingKeyError,
    RevokedKeyError,
    UnknownKeyError,
)
from app.domain.gallery import ApiKey, Collection
from app.domain.protection import Seal
from app.domain.scopes import Need, Scope, checked, grantable, include, written
from app.domain.texts import clean_text
from app.platform.request_context import current_request, note_caller
from app.services.key_secrets import KeySecrets
from app.services.ports import Storage, UnitOfWork

_TOUCH_INTERVAL = timedelta(minutes=1)
LIFETIME = timedelta(days=365)
"""Of keys for which nobody says otherwise."""
OVERLAP = timedelta(hours=24)
"""In which the secret before a rotation is taken, where nobody says otherwise."""
_LONGEST_LIFETIME = timedelta(days=36_500)
_LONGEST_OVERLAP = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller, and what they may do."""

    key_id: str
    scopes: tuple[Scope, ...]
    collection_id: str | None = None
    limits: KeyLimits = NO_LIMITS
    collection: Collection | None = field(default=None, compare=False, repr=False)
    """The one that the key is bound to, as it was when its owner was found; None if it is gone."""
    session_id: str | None = None  # of a browser that is signed in by the key

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


@dataclass(frozen=True, slots=True)
class Revocation:
    """A key that was revoked, or in a dry run would be."""

    key: ApiKey
    last_admin: bool
    """Whether no other key may administer the whole service."""


class Keys:
    """Makes, checks, rotates, lists and revokes API keys."""

    def __init__(self, storage: Storage, seal: Seal | None = None) -> None:
        self._storage, self._secrets = storage, KeySecrets(seal)

    def create(
        self,
        name: str,
        *,
        scopes: Iterable[str] | None = None,
        collection: str | None = None,
        lifetime: timedelta | None = LIFETIME,
        form: str = NATIVE.name,
    ) -> tuple[ApiKey, str]:
        """The stored key and the token to hand out, which nobody can read again.

        Without a lifetime, None, it never expires.

        `scopes` may name presets; without any it has those of its form. Raises
        InvalidRequestError for a scope or a form that there is not, for a form whose keys need a
        collection, and for a name that cannot be kept.
        """
        kind = form_of(form, collection)
        held = checked(kind.scopes if scopes is None else scopes)
        name = clean_text(name, "name")
        key_id, secret = new_id(), kind.make()
        now = datetime.now(UTC)
        with self._storage.write() as uow:
            bound = uow.collections.get(collection).id if collection else None
            key = ApiKey(
                id=key_id,
                name=name,
                digest=digest_of(secret),
                scopes=held,
                collection_id=bound,
                created_at=now,
                expires_at=_end(now, lifetime),
                form=kind.name,
            )
            uow.keys.add(key)
            self._secrets.keep(uow, key, secret)
            return uow.note_result((key, kind.write(key_id, secret)))

    def rotate(
        self,
        key_id: str,
        *,
        overlap: timedelta = OVERLAP,
        lifetime: timedelta | None = LIFETIME,
    ) -> tuple[ApiKey, str]:
        """Give the key a new secret; the key, and the token with the new one.

        The secret before is taken for the time of the overlap, but not longer than it would have
        been; one before that ends at once. Whatever belongs to the key, its jobs and what it has
        used up, stays its own. Raises UnknownKeyError, RevokedKeyError, and InvalidRequestError
        for times that are too long.
        """
        if not timedelta(0) <= overlap <= _LONGEST_OVERLAP:
            raise InvalidRequestError(
                f"An overlap is at most {_LONGEST_OVERLAP.days} days and not negative."
            )
        now = datetime.now(UTC)
        with self._storage.write() as uow:
            key = _known(uow, key_id)
            kind = KEY_FORMS[key.form]
            secret = kind.make()
            if key.revoked_at is not None:
                raise RevokedKeyError(f"The API key {key_id!r} was revoked.")
            until = now + overlap
            rotated = replace(
                key,
                digest=digest_of(secret),
                expires_at=_end(now, lifetime),
                previous_digest=key.digest,
                previous_until=min(until, key.expires_at) if key.expires_at else until,
            )
            uow.keys.update(rotated)
            self._secrets.keep(uow, rotated, secret)
            return uow.note_result((rotated, kind.write(key_id, secret)))

    def authenticate(self, token: str | None, form: KeyForm = NATIVE) -> Principal:
        """Find the caller. Raises MissingKeyError, InvalidKeyError or ExpiredKeyError."""
        if not token:
            raise MissingKeyError("This needs an API key.", hint=form.hint)
        parts = form.read(token)
        now, digest = datetime.now(UTC), digest_of(parts.secret)
        with self._storage.read() as uow:
            key = uow.keys.of_digest(digest) if parts.key_id is None else uow.keys.get(parts.key_id)
            # An unknown key costs the same comparisons as a known one.
            taken = key.digests(now) if key else ("0" * 64,) * 2
            known = [hmac.compare_digest(one, digest) for one in taken]
            key = check_valid(key if any(known) and key and key.form == form.name else None)
            bound = uow.collections.of_id(key.collection_id) if key.collection_id else None
        self.note_use(key)
        return Principal(key.id, key.scopes, key.collection_id, key.limits, bound)

    def note_use(self, key: ApiKey) -> None:
        """Note that the key was used now, to the minute."""
        now = datetime.now(UTC)
        if key.last_used_at is None or now - key.last_used_at > _TOUCH_INTERVAL:
            # Knowing when a key was last used is not worth refusing a request for.
            with suppress(FacetError), self._storage.write(recorded=False) as uow:
                uow.keys.touch(key.id, now, current_request().address or None)

    def check(self, principal: Principal) -> None:
        """Raise InvalidKeyError or ExpiredKeyError when the caller's key has ended meanwhile."""
        if principal == LOCAL:
            return
        with self._storage.read() as uow:
            check_valid(uow.keys.get(principal.key_id))

    def list(self) -> Sequence[ApiKey]:
        """Every key, oldest first."""
        with self._storage.read() as uow:
            return uow.keys.list()

    def page(self, *, after: str | None, limit: int) -> Sequence[ApiKey]:
        """Keys by id, those whose id comes after `after`."""
        with self._storage.read() as uow:
            return uow.keys.after(after or "", limit=limit)

    def get(self, key_id: str) -> ApiKey:
        """Raises UnknownKeyError."""
        with self._storage.read() as uow:
            return _known(uow, key_id)

    def limit(self, key_id: str, changes: Mapping[str, int | None]) -> ApiKey:
        """Change the limits that are named. Raises UnknownKeyError and InvalidRequestError."""
        with self._storage.write() as uow:
            key = _known(uow, key_id)
            limited = replace(key, limits=replace(key.limits, **changes).checked())
            uow.keys.update(limited)
        return limited

    def revoke(self, key_id: str, *, force: bool = False, dry_run: bool = False) -> Revocation:
        """End a key for good; a dry run only tells.

        Raises UnknownKeyError, and LastAdminKeyError unless it is forced or a dry run.
        """
        now = datetime.now(UTC)
        with self._storage.write() as uow:
            key = _known(uow, key_id)
            last = _administers(key, now) and not any(
                other.id != key_id and _administers(other, now) for other in uow.keys.list()
            )
            if dry_run:
                return Revocation(key, last_admin=last)
            if last and not force:
                raise LastAdminKeyError(
                    f"{key_id!r} is the last key that may administer the whole service.",
                    hint="Make another one with the scope `admin` first, or say `force`.",
                )
            uow.keys.revoke(key_id, now)
            uow.allowances.remove_of_key(key_id)
            return Revocation(_known(uow, key_id), last_admin=last)


def _known(uow: UnitOfWork, key_id: str) -> ApiKey:
    key = uow.keys.get(key_id)
    if key is None:
        raise UnknownKeyError(
            f"There is no API key {key_id!r}.", hint="`facet keys list` shows them."
        )
    return key


def _administers(key: ApiKey, at: datetime) -> bool:
    """Whether the key may do everything at that moment, in every collection."""
    everything = "admin" in key.scopes and key.collection_id is None and key.is_good(at)
    return everything and not KEY_FORMS[key.form].signs


def _end(now: datetime, lifetime: timedelta | None) -> datetime | None:
    """The moment when a key of that lifetime expires. Raises InvalidRequestError."""
    if lifetime is None:
        return None
    if lifetime > _LONGEST_LIFETIME:
        raise InvalidRequestError(
            f"A key lives at most {_LONGEST_LIFETIME.days} days, or for ever.",
            hint="Say that it does not expire.",
        )
    return now + lifetime


def check_valid(key: ApiKey | None) -> ApiKey:
    """The key. Raises InvalidKeyError or ExpiredKeyError unless it is good at this moment."""
    if key is None or key.revoked_at is not None:
        raise InvalidKeyError("The API key is not valid.", hint="It may have been revoked.")
    if key.expires_at is not None and key.expires_at <= datetime.now(UTC):
        raise ExpiredKeyError(
            f"The API key expired at {key.expires_at.isoformat(timespec='seconds')}.",
            hint="Make a new one with `facet keys create`.",
        )
    return key
