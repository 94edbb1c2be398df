"""API keys as clients see them."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.access.limits import KeyLimits
from app.domain.gallery import ApiKey
from app.services.keys import Revocation

_EXAMPLE: dict[str, Any] = {
    "id": "0011223344556677",
    "name": "entrance",
    "scopes": ["verify", "recognize"],
    "collection_id": "019a0c0e11220123456789abcdef0123",
    "created_at": "2026-01-31T12:00:00Z",
    "expires_at": "2027-01-31T12:00:00Z",
    "previous_until": "2026-02-01T12:00:00Z",
    "last_used_at": "2026-01-31T12:34:00Z",
    "last_used_from": "192.0.2.7",
    "revoked_at": "2026-02-28T12:00:00Z",
    "limits": {
        "requests_per_second": 10,
        "pictures_per_second": 20,
        "workers": 2,
        "streams": 2,
        "jobs": 4,
    },
    "form": "native",
}


class Key(BaseModel):
    """An API key, without its secret."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_EXAMPLE]}, json_schema_serialization_defaults_required=True
    )

    id: str
    name: str
    scopes: list[str]
    collection_id: str | None = Field(description="The one it is bound to; null is every one.")
    created_at: datetime
    expires_at: datetime | None
    previous_until: datetime | None = Field(
        description="Until when the secret before the last rotation is taken, too."
    )
    last_used_at: datetime | None = Field(description="To the minute.")
    last_used_from: str | None = Field(description="Address of the client.")
    revoked_at: datetime | None
    limits: KeyLimits
    form: str = Field(description="Clients that send it: native, or those of another system.")

    @classmethod
    def of(cls, key: ApiKey) -> Self:
        return cls(**_fields(key))


class KeyWithSecret(Key):
    """An API key at the one time that it is shown."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**_EXAMPLE, "key": "facet_0011223344556677_Zk1aQ0…"}],
        }
    )

    key: str = Field(
        description="What to send, natively as `Authorization: Bearer`; never shown again."
    )

    @classmethod
    def made(cls, key: ApiKey, token: str) -> Self:
        return cls(**_fields(key), key=token)


class RevokedKey(BaseModel):
    """A revocation, or what one would do."""

    key: Key
    dry_run: bool
    last_admin: bool = Field(description="Whether no other key may administer the whole service.")

    @classmethod
    def of(cls, revocation: Revocation, *, dry_run: bool) -> Self:
        return cls(key=Key.of(revocation.key), dry_run=dry_run, last_admin=revocation.last_admin)


def _fields(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "collection_id": key.collection_id,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "previous_until": key.previous_until,
        "last_used_at": key.last_used_at,
        "last_used_from": key.last_used_from,
        "revoked_at": key.revoked_at,
        "limits": key.limits,
        "form": key.form,
    }
