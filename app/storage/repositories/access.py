"""API keys and the answers stored for repeated requests, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, or_, select, update

from app.domain.access.limits import NO_LIMITS, known_limits
from app.domain.errors.requests import IdempotencyConflictError
from app.domain.gallery import ApiKey, IdempotencyRecord
from app.domain.scopes import read_from, written
from app.storage.repositories.stored.sealed import SealedCollections, is_sealed
from app.storage.tables import ApiKeyRow, IdempotencyRow, SubjectRow

_KEY_COLUMNS = (
    ApiKeyRow.id,
    ApiKeyRow.name,
    ApiKeyRow.digest,
    ApiKeyRow.scope,
    ApiKeyRow.collection_id,
    ApiKeyRow.created_at,
    ApiKeyRow.expires_at,
    ApiKeyRow.last_used_at,
    ApiKeyRow.revoked_at,
    ApiKeyRow.previous_digest,
    ApiKeyRow.previous_until,
    ApiKeyRow.last_used_from,
    ApiKeyRow.form,
    ApiKeyRow.limits,
)
# Built once: every request asks, and building takes longer than asking.
_BY_ID = select(*_KEY_COLUMNS).where(ApiKeyRow.id == bindparam("value"))
_BY_DIGEST = select(*_KEY_COLUMNS).where(
    or_(ApiKeyRow.digest == bindparam("value"), ApiKeyRow.previous_digest == bindparam("value"))
)
_RECORD_COLUMNS = (
    IdempotencyRow.key_id,
    IdempotencyRow.idempotency_key,
    IdempotencyRow.fingerprint,
    IdempotencyRow.subject_id,
    IdempotencyRow.response,
    IdempotencyRow.created_at,
)


class SqlKeys:
    """API keys: digests of secrets, never secrets."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, key: ApiKey) -> None:
        self._connection.execute(insert(ApiKeyRow).values(_values(key)))

    def get(self, key_id: str) -> ApiKey | None:
        return self._only(_BY_ID, key_id)

    def of_digest(self, digest: str) -> ApiKey | None:
        """The key whose secret, or the one before it, has that digest."""
        return self._only(_BY_DIGEST, digest)

    def list(self) -> Sequence[ApiKey]:
        """Every key, revoked ones too, oldest first."""
        query = select(*_KEY_COLUMNS).order_by(ApiKeyRow.created_at, ApiKeyRow.id)
        return [_key(row) for row in self._connection.execute(query)]

    def after(self, key_id: str, *, limit: int) -> Sequence[ApiKey]:
        """Keys by id, those whose id comes after that one."""
        query = select(*_KEY_COLUMNS).order_by(ApiKeyRow.id).limit(limit)
        rows = self._connection.execute(query.where(ApiKeyRow.id > key_id))
        return [_key(row) for row in rows]

    def revoke(self, key_id: str, at: datetime) -> bool:
        """Whether there is such a key. A second revocation leaves the first one's time."""
        done = self._connection.execute(
            update(ApiKeyRow)
            .where(ApiKeyRow.id == key_id)
            .values(revoked_at=func.coalesce(ApiKeyRow.revoked_at, at))
        )
        return done.rowcount > 0

    def update(self, key: ApiKey) -> None:
        """Store all values of a key that there is."""
        self._connection.execute(
            update(ApiKeyRow).where(ApiKeyRow.id == key.id).values(_values(key))
        )

    def touch(self, key_id: str, at: datetime, address: str | None) -> None:
        """Note the last use. An unknown key is ignored: it may just have been removed."""
        self._connection.execute(
            update(ApiKeyRow)
            .where(ApiKeyRow.id == key_id)
            .values(last_used_at=at, last_used_from=address)
        )

    def _only(self, query: Select[Any], value: str) -> ApiKey | None:
        row = self._connection.execute(query, {"value": value}).one_or_none()
        return None if row is None else _key(row)


class SqlIdempotency:
    """Answers of enrolments by (API key, Idempotency-Key)."""

    def __init__(self, connection: Connection, sealed: SealedCollections) -> None:
        self._connection = connection
        self._sealed = sealed

    def get(self, key_id: str, idempotency_key: str) -> IdempotencyRecord | None:
        row = self._connection.execute(
            select(*_RECORD_COLUMNS).where(
                IdempotencyRow.key_id == key_id, IdempotencyRow.idempotency_key == idempotency_key
            )
        ).one_or_none()
        return None if row is None else self._record(row)

    def add(self, record: IdempotencyRecord) -> None:
        """Raises IdempotencyConflictError when an answer is stored already."""
        if self.get(record.key_id, record.idempotency_key) is not None:
            raise IdempotencyConflictError(
                "This Idempotency-Key was used by another request.",
                hint="Use a new key for a new request.",
            )
        fingerprint: str = record.fingerprint
        response: Any = dict(record.response)
        collection_id = self._collection_of(record.subject_id)
        if collection_id is not None and self._sealed.of(collection_id) is not None:
            # The fingerprint is no keyed hash, and names are a part of what it is made of.
            context = _context(record.key_id, record.idempotency_key)
            response = self._sealed.written(collection_id, [fingerprint, response], context)
            fingerprint = ""
        self._connection.execute(
            insert(IdempotencyRow).values(
                key_id=record.key_id,
                idempotency_key=record.idempotency_key,
                fingerprint=fingerprint,
                subject_id=record.subject_id,
                response=response,
                created_at=record.created_at,
            )
        )

    def remove_older_than(self, at: datetime) -> int:
        """Returns the number of rows that there were."""
        return self._connection.execute(
            delete(IdempotencyRow).where(IdempotencyRow.created_at < at)
        ).rowcount

    def remove_of_subject(self, subject_id: str) -> int:
        """Returns the number of rows that there were."""
        return self._connection.execute(
            delete(IdempotencyRow).where(IdempotencyRow.subject_id == subject_id)
        ).rowcount

    def remove_of_collection(self, collection_id: str) -> int:
        """Returns the number of rows that there were."""
        subjects = select(SubjectRow.id).where(SubjectRow.collection_id == collection_id)
        return self._connection.execute(
            delete(IdempotencyRow).where(IdempotencyRow.subject_id.in_(subjects))
        ).rowcount

    def _collection_of(self, subject_id: str) -> str | None:
        query = select(SubjectRow.collection_id).where(SubjectRow.id == subject_id)
        return self._connection.execute(query).scalar_one_or_none()

    def _record(self, row: Any) -> IdempotencyRecord:
        record = IdempotencyRecord(*row)
        if not is_sealed(record.response):
            return record
        collection_id = self._collection_of(record.subject_id) or ""
        context = _context(record.key_id, record.idempotency_key)
        fingerprint, response = self._sealed.read(collection_id, record.response, context)
        return replace(record, fingerprint=fingerprint, response=response)


def _context(key_id: str, idempotency_key: str) -> str:
    return f"answer/{key_id}/{idempotency_key}"


def _values(key: ApiKey) -> dict[str, Any]:
    values = asdict(key)
    values["scope"] = written(values.pop("scopes"))
    if key.limits == NO_LIMITS:
        values["limits"] = None
    return values


def _key(row: Any) -> ApiKey:
    key = ApiKey(*row)
    limits = known_limits(row.limits) if row.limits else NO_LIMITS
    return replace(key, scopes=read_from(row.scope), limits=limits)
