"""Sessions and settings as the console sees them."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.domain.access import sessions as domain
from app.domain.gallery import ApiKey
from app.domain.scopes import SCOPES, Need, Scope
from app.services.keys import Principal

_SESSION: dict[str, JsonValue] = {
    "id": "8f14e45fceea167a",
    "created_at": "2026-01-31T12:00:00Z",
    "last_used_at": "2026-01-31T12:34:00Z",
    "ends_at": "2026-01-31T13:04:00Z",
    "address": "192.0.2.7",
    "agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/147.0",
    "current": True,
}
_NEEDS: tuple[Need, ...] = (*SCOPES, "pictures")


class Session(BaseModel):
    """A browser that is signed in."""

    id: str
    created_at: datetime
    last_used_at: datetime = Field(description="To the minute.")
    ends_at: datetime = Field(description="Unless it is used before.")
    address: str = Field(description="Of the client when it signed in.")
    agent: str = Field(description="What the browser calls itself.")
    current: bool = Field(description="Whether it is the one that asks.")

    @classmethod
    def of(cls, session: domain.Session, limits: domain.SessionLimits, current: str | None) -> Self:
        return cls(
            id=session.id,
            created_at=session.created_at,
            last_used_at=session.last_used_at,
            ends_at=limits.end_of(session),
            address=session.address,
            agent=session.agent,
            current=session.id == current,
        )


class Sessions(BaseModel):
    """Browsers that are signed in by one key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sessions": [_SESSION]}]})

    sessions: list[Session] = Field(description="The one that was used last first.")


class EndedSessions(BaseModel):
    """The number of browsers that were signed out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ended": 1}]})

    ended: int


class Caller(BaseModel):
    """The caller, and what they may do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "key_id": "0011223344556677",
                    "name": "reception",
                    "scopes": ["read"],
                    "may": ["detect", "verify", "recognize", "browse", "models", "jobs", "read"],
                    "collection_id": "019a0c0e11220123456789abcdef0123",
                    "expires_at": "2027-01-31T12:00:00Z",
                    "session": _SESSION,
                    "csrf_token": "5d41402abc4b2a76b9719d911017c592",
                    "idle_seconds": 1800,
                    "version": "0.2.0",
                }
            ]
        }
    )

    key_id: str = Field(description="`local` while keys are off.")
    name: str
    scopes: list[Scope]
    may: list[Need] = Field(description="Every scope that those of the key include.")
    collection_id: str | None = Field(description="The one it is bound to; null is every one.")
    expires_at: datetime | None
    session: Session | None = Field(description="Null for a caller who sends the key itself.")
    csrf_token: str | None = Field(
        description="To be sent as X-CSRF-Token with requests by cookie that change something."
    )
    idle_seconds: float = Field(description="Without a request, after which a session ends.")
    version: str

    @classmethod
    def of(
        cls,
        caller: Principal,
        key: ApiKey | None,
        *,
        session: Session | None,
        csrf_token: str | None,
        idle_seconds: float,
        version: str,
    ) -> Self:
        return cls(
            key_id=caller.key_id,
            name=key.name if key is not None else caller.key_id,
            scopes=list(caller.scopes),
            may=[need for need in _NEEDS if caller.may(need)],
            collection_id=caller.collection_id,
            expires_at=key.expires_at if key is not None else None,
            session=session,
            csrf_token=csrf_token,
            idle_seconds=idle_seconds,
            version=version,
        )


class Setting(BaseModel):
    """One setting as the server has it."""

    name: str = Field(description="Of the environment's variable.")
    value: str = Field(description="`(set)` where it may hold a secret.")
    is_default: bool
    description: str


class ServerSettings(BaseModel):
    """Every setting, to be looked at."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "settings": [
                        {
                            "name": "FACET_QUEUE",
                            "value": "64",
                            "is_default": True,
                            "description": "Requests that may wait for a worker before a 503.",
                        }
                    ]
                }
            ]
        }
    )

    settings: list[Setting]
