"""Sessions of browsers: begun with an API key, and over when nobody uses them any more."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in. Its secret is never stored, only the SHA-256."""

    id: str
    digest: str = field(repr=False)
    key_id: str
    key_digest: str = field(repr=False)
    """Digest of the key's secret that it was begun with: it ends with that secret."""
    created_at: datetime
    last_used_at: datetime
    """To the minute."""
    address: str
    """Address of the client when it began."""
    agent: str
    """Name that the browser gives itself."""


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """Limits of time that sessions have."""

    idle: timedelta
    """Without a request."""
    lifetime: timedelta
    """In all."""

    def end_of(self, session: Session) -> datetime:
        """The moment at which the session ends, unless it is used before."""
        return min(session.last_used_at + self.idle, session.created_at + self.lifetime)


def csrf_token(secret: str) -> str:
    """The token that requests which change something have to repeat in a header.

    Pages of other origins cannot read it, and the cookie alone does not tell it to scripts.
    """
    return hmac.new(secret.encode(), b"facet-csrf", "sha256").hexdigest()


def cookie_of(session_id: str, secret: str) -> str:
    """The cookie's value."""
    return f"{session_id}.{secret}"


def parts_of(cookie: str) -> tuple[str, str]:
    """Id and secret of a cookie's value; both may be anything."""
    session_id, _, secret = cookie.partition(".")
    return session_id, secret
