"""Collections in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    func,
    insert,
    select,
    union,
    update,
)

from app.domain.deciding.bounds import Usage, bounds, is_bounded, require_bounds
from app.domain.errors.gallery import DuplicateCollectionError, UnknownCollectionError
from app.domain.gallery import Collection, Policy
from app.domain.protection import read_encoder, stored_encoder
from app.storage.metadata import readable, written
from app.storage.people_tables import SightingRow
from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.membership import among
from app.storage.repositories.stored.sealed import SealedCollections
from app.storage.repositories.stored.templates import StoredTemplates
from app.storage.repositories.upkeep.calibrations import read_calibration
from app.storage.repositories.upkeep.counted import Counted, Counts, counted, rows_of
from app.storage.tables import CollectionRow, FaceRow, ImageRow, SubjectRow

_COLUMNS = (
    CollectionRow.id,
    CollectionRow.name,
    CollectionRow.encoder,
    CollectionRow.keep_images,
    CollectionRow.meta,
    CollectionRow.created_at,
    CollectionRow.policy,
    CollectionRow.calibration,
    CollectionRow.has_negatives,
    CollectionRow.sealed_key,
)
# Built once: every request asks, and building takes longer than asking.
_BY_NAME = select(*_COLUMNS).where(CollectionRow.name == bindparam("name"))
_BY_ID = select(*_COLUMNS).where(CollectionRow.id == bindparam("collection_id"))


class SqlCollections:
    """Collections by name and by id."""

    def __init__(
        self,
        connection: Connection,
        changes: SqlChangeLog,
        templates: StoredTemplates,
        sealed: SealedCollections,
        counts: Counts | None = None,
    ) -> None:
        self._changes = changes
        self._connection = connection
        self._templates = templates
        self._sealed = sealed
        self._counts = counts or Counts()
        self.counted: dict[str, Counted] = {}
        """Counts that this transaction has made, to be kept once it is committed."""

    def add(self, collection: Collection) -> Collection:
        """Store it with a rotation, where there are any, and a sealed one with a key.

        Raises DuplicateCollectionError, and MasterKeyMissingError for a sealed one.
        """
        collection = replace(collection, rotation=self._templates.rotation_after(None))
        self._refuse_taken_name(collection)
        values = _values(collection)
        if values["policy"] is None:
            del values["policy"]
        key = self._sealed.made(collection.id) if collection.sealed else None
        if key is not None:
            values["sealed_key"] = key
        self._connection.execute(insert(CollectionRow).values(values))
        self._sealed.note(collection.id, key)
        return collection

    def get(self, name: str) -> Collection:
        """Raises UnknownCollectionError."""
        row = self._connection.execute(_BY_NAME, {"name": name}).one_or_none()
        if row is None:
            raise _unknown(name)
        return self._collection(row)

    def list(self, *, after: str | None, limit: int) -> Sequence[Collection]:
        """Collections by name, those whose name comes after `after`."""
        query = select(*_COLUMNS).order_by(CollectionRow.name).limit(limit)
        if after is not None:
            query = query.where(CollectionRow.name > after)
        return [self._collection(row) for row in self._connection.execute(query)]

    def update(self, collection: Collection) -> None:
        """Raises UnknownCollectionError, or DuplicateCollectionError for a taken name."""
        self._refuse_taken_name(collection)
        done = self._connection.execute(
            update(CollectionRow)
            .where(CollectionRow.id == collection.id)
            .values(_values(collection))
        )
        if not done.rowcount:
            raise _unknown(collection.name)
        self._changes.note_erasure()

    def remove(self, collection_id: str) -> None:
        """Remove the row and, by cascade, subjects, faces, keys and idempotency records."""
        self._connection.execute(delete(CollectionRow).where(CollectionRow.id == collection_id))
        self._changes.note_erasure()

    def by_ids(self, ids: Sequence[str]) -> Mapping[str, Collection]:
        """Collections with one of the ids, by id."""
        query = select(*_COLUMNS).where(among(CollectionRow.id, ids))
        return {row.id: self._collection(row) for row in self._connection.execute(query)}

    def usage(self, collection: Collection) -> Usage:
        """Count what the collection's policy bounds, and nothing else."""
        most = bounds(collection.policy)
        return Usage(
            None if most.subjects is None else rows_of(self._connection, SubjectRow, collection),
            None
            if most.faces is None
            else sum(rows_of(self._connection, row, collection) for row in (FaceRow, SightingRow)),
            None if most.bytes is None else self._bytes(collection),
        )

    def check_bounds(self) -> None:
        """Raise CollectionFullError where this transaction leaves a collection with too much."""
        if not self._changes.grown:
            return  # as in most transactions: nothing is asked
        for collection in self.by_ids(sorted(self._changes.grown)).values():
            if is_bounded(collection.policy):
                self._require_bounds(collection)

    def _require_bounds(self, collection: Collection) -> None:
        if self._counts.surely_fits(self._connection, collection):
            return
        usage = self.usage(collection)
        require_bounds(collection, usage)
        self.counted[collection.id] = counted(self._connection, collection, usage)

    def _bytes(self, collection: Collection) -> int:
        named = (
            select(row.image_digest).where(row.collection_id == collection.id)
            for row in (FaceRow, SightingRow)
        )
        kept = select(func.coalesce(func.sum(ImageRow.size), 0))
        total = self._connection.execute(kept.where(ImageRow.digest.in_(union(*named))))
        return int(total.scalar_one())

    def of_id(self, collection_id: str) -> Collection | None:
        """The collection with this id, if there is one."""
        row = self._connection.execute(_BY_ID, {"collection_id": collection_id}).one_or_none()
        return None if row is None else self._collection(row)

    def _collection(self, row: Row[Any]) -> Collection:
        self._sealed.note(row.id, row.sealed_key)
        return _collection(row)

    def _refuse_taken_name(self, collection: Collection) -> None:
        # Asked first, and safe because writers come one by one: a broken constraint would
        # end the caller's whole transaction on PostgreSQL.
        taken = select(CollectionRow.id).where(
            CollectionRow.name == collection.name, CollectionRow.id != collection.id
        )
        if self._connection.execute(taken).first() is not None:
            raise DuplicateCollectionError(
                f"There is a collection named {collection.name!r} already.",
                hint="Choose another name.",
                collection=collection.name,
            )


def _unknown(name: str) -> UnknownCollectionError:
    return UnknownCollectionError(f"There is no collection named {name!r}.", collection=name)


def _values(collection: Collection) -> dict[str, Any]:
    return {
        "id": collection.id,
        "name": collection.name,
        "encoder": stored_encoder(collection.encoder, collection.rotation),
        "keep_images": collection.keep_images,
        **written(collection.metadata, collection.unreadable),
        "created_at": collection.created_at,
        "policy": _changed(collection.policy),
    }


def _changed(policy: Policy) -> dict[str, Any] | None:
    """Rules that differ from the default: processes of another version need not know the rest."""
    default = asdict(Policy())
    return {k: v for k, v in asdict(policy).items() if v != default[k]} or None


def _policy(stored: Mapping[str, Any]) -> Policy:
    """The policy without what a newer server may have added."""
    known = {each.name for each in fields(Policy)}
    return Policy(**{name: value for name, value in stored.items() if name in known})


def _collection(row: Row[Any]) -> Collection:
    metadata, unreadable = readable(row.meta)
    encoder, rotation = read_encoder(row.encoder)
    return Collection(
        id=row.id,
        name=row.name,
        encoder=encoder,
        keep_images=row.keep_images,
        metadata=metadata,
        created_at=row.created_at,
        unreadable=unreadable,
        policy=_policy(row.policy or {}),
        calibration=read_calibration(row.calibration),
        rotation=rotation,
        has_negatives=bool(row.has_negatives),
        sealed=row.sealed_key is not None,
    )
