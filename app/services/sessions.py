"""Sessions of browsers: a key is exchanged for one, and it may do what the key may."""

import hmac
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.domain.access.key_forms import NATIVE
from app.domain.access.sessions import Session, SessionLimits, cookie_of, csrf_token, parts_of
from app.domain.access.tokens import digest_of, new_id, new_secret
from app.domain.errors import FacetError
from app.domain.errors.requests import SessionEndedError, UnknownSessionError
from app.domain.gallery import ApiKey
from app.platform.request_context import current_request
from app.services.keys import Keys, Principal, check_valid
from app.services.ports import Storage, UnitOfWork

MOST = 50
"""Sessions of one key; the one that was not used for longest makes room."""
_TOUCH_INTERVAL = timedelta(minutes=1)
_LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Begun:
    """A session at the one time that its secret is known."""

    session: Session
    cookie: str = field(repr=False)


class Sessions:
    """Begins, checks, lists and ends sessions. All processes know them by the database."""

    def __init__(
        self,
        storage: Storage,
        keys: Keys,
        limits: SessionLimits,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._storage, self._keys, self._now = storage, keys, clock
        self.limits = limits

    def begin(self, token: str, *, agent: str = "", instead_of: str = "") -> Begun:
        """Sign a browser in by a key's token; a session that it had ends.

        Its secret is made here, whatever the browser sends. Raises what `Keys.authenticate` does.
        """
        principal = self._keys.authenticate(token)
        now, secret = self._now(), new_secret()
        session = Session(
            id=new_id(),
            digest=digest_of(secret),
            key_id=principal.key_id,
            key_digest=digest_of(NATIVE.read(token).secret),
            created_at=now,
            last_used_at=now,
            address=current_request().address,
            agent="".join(filter(str.isprintable, agent))[:_LONGEST_AGENT],
        )
        with self._storage.write() as uow:
            uow.sessions.remove_before(
                created=now - self.limits.lifetime, used=now - self.limits.idle
            )
            before = _known(uow, instead_of)
            if before is not None:
                uow.sessions.remove([before.id])
            spare = uow.sessions.of_key(principal.key_id)[MOST - 1 :]
            uow.sessions.remove([one.id for one in spare])
            uow.sessions.add(session)
            return uow.note_result(Begun(session, cookie_of(session.id, secret)))

    def authenticate(self, cookie: str) -> Principal:
        """The caller, as the session's key has it. Raises SessionEndedError."""
        now = self._now()
        with self._storage.read() as uow:
            session = _known(uow, cookie)
            key = uow.keys.get(session.key_id) if session is not None else None
            bound = uow.collections.of_id(key.collection_id) if key and key.collection_id else None
        session, key = self._good(session, key)
        if now - session.last_used_at > _TOUCH_INTERVAL:
            # Not worth refusing a request for.
            with suppress(FacetError), self._storage.write(recorded=False) as uow:
                uow.sessions.touch(session.id, now)
        self._keys.note_use(key)
        return Principal(key.id, key.scopes, key.collection_id, key.limits, bound, session.id)

    def check(self, principal: Principal) -> None:
        """Raise SessionEndedError when the caller's session has ended meanwhile, or the error of
        `Keys.check` for a caller without one.
        """
        if principal.session_id is None:
            return self._keys.check(principal)
        with self._storage.read() as uow:
            session = uow.sessions.get(principal.session_id)
            key = uow.keys.get(principal.key_id)
        self._good(session, key)

    def get(self, principal: Principal) -> Session | None:
        """The caller's own session, where there is one."""
        with self._storage.read() as uow:
            return uow.sessions.get(principal.session_id) if principal.session_id else None

    def list(self, principal: Principal) -> Sequence[Session]:
        """Sessions of the caller's key that are good, the one that was used last first."""
        with self._storage.read() as uow:
            key = uow.keys.get(principal.key_id)
            found = uow.sessions.of_key(principal.key_id)
        return [one for one in found if self._is_good(one, key)]

    def end(self, principal: Principal, session_id: str) -> None:
        """Sign one browser out. Raises UnknownSessionError for what is none of the key's."""
        with self._storage.write() as uow:
            session = uow.sessions.get(session_id)
            if session is None or session.key_id != principal.key_id:
                raise UnknownSessionError("The key has no such session.")
            uow.sessions.remove([session.id])

    def end_all(self, principal: Principal) -> int:
        """Sign out everywhere: end all sessions of the caller's key; how many there were."""
        with self._storage.write() as uow:
            found = uow.sessions.of_key(principal.key_id)
            return uow.sessions.remove([one.id for one in found])

    def _good(self, session: Session | None, key: ApiKey | None) -> tuple[Session, ApiKey]:
        if session is None or key is None or not self._is_good(session, key):
            raise SessionEndedError("The session has ended.", hint="Sign in again.")
        return session, key

    def _is_good(self, session: Session, key: ApiKey | None) -> bool:
        try:
            key = check_valid(key)
        except FacetError:
            return False
        now = self._now()
        return session.key_digest in key.digests(now) and now < self.limits.end_of(session)


def csrf_token_of(cookie: str) -> str:
    """The token that goes with a session's cookie."""
    return csrf_token(parts_of(cookie)[1])


def _known(uow: UnitOfWork, cookie: str) -> Session | None:
    """The session of a cookie, be it good or not."""
    session_id, secret = parts_of(cookie)
    session = uow.sessions.get(session_id) if secret else None
    # An unknown session costs the same comparison as a known one.
    digest = session.digest if session is not None else "0" * 64
    return session if hmac.compare_digest(digest, digest_of(secret)) else None
