"""The ledger of what was erased, in SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    cast,
    delete,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.people.erasing import ErasedItem, ErasedKind, Installation
from app.storage.base import UtcDateTime
from app.storage.dialects.table import dialect_of
from app.storage.ledger_tables import (
    ErasedItemRow,
    InstallationRow,
    OriginRow,
    SubjectRightsRow,
)
from app.storage.people_tables import SightingRow
from app.storage.repositories.membership import among
from app.storage.tables import CollectionRow, FaceRow, SubjectRow

_COLUMNS = ("kind", "item_id", "collection_id", "made_at", "erased_at")
_ALL = tuple(ErasedItemRow.__table__.c)
_TABLES: dict[ErasedKind, tuple[Any, InstrumentedAttribute[datetime]]] = {
    "subject": (SubjectRow, SubjectRow.created_at),
    "face": (FaceRow, FaceRow.created_at),
    "sighting": (SightingRow, SightingRow.at),
}


class SqlLedger:
    """Entries are added in the transaction that erases, before the rows go; none is removed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def installation(self) -> Installation:
        """The name of this database among its copies."""
        query = select(InstallationRow.id, InstallationRow.restored_from)
        return Installation(*self._connection.execute(query).one())

    def erase_collection(self, collection_id: str, at: datetime) -> None:
        """Note that the collection goes, with everybody in it."""
        which = CollectionRow.id == collection_id
        self._note_rows("collection", CollectionRow, CollectionRow.created_at, at, which)

    def erase(
        self, kind: ErasedKind, collection_id: str, ids: Sequence[Any] | None, at: datetime
    ) -> None:
        """Note that these go, or all of the collection, and whatever went into them before."""
        table, made_at = _TABLES[kind]
        here = table.collection_id == collection_id
        which = here if ids is None else and_(here, among(table.id, list(ids)))
        found = [
            str(one) for one in self._connection.execute(select(table.id).where(which)).scalars()
        ]
        self._note_rows(kind, table, made_at, at, which)
        self._note_origins(kind, collection_id, found, at)

    def went_into(self, item: ErasedItem, into_kind: ErasedKind, into_id: str) -> None:
        """Note that the item is a part of another one now."""
        values = {"kind": item.kind, "item_id": item.id, "collection_id": item.collection_id}
        self.came_back(item.kind, item.collection_id, item.id)
        self._connection.execute(
            insert(OriginRow).values(
                **values, made_at=item.made_at, into_kind=into_kind, into_id=into_id
            )
        )

    def came_back(self, kind: ErasedKind, collection_id: str, item_id: str) -> None:
        """Forget that the item went into another one: it was taken out again."""
        self._connection.execute(
            delete(OriginRow).where(
                OriginRow.kind == kind,
                OriginRow.item_id == item_id,
                OriginRow.collection_id == collection_id,
            )
        )

    def after(self, seq: int, *, limit: int) -> Sequence[ErasedItem]:
        """Entries behind the place `seq`, in the order of their commits."""
        query = select(*_ALL).where(ErasedItemRow.id > seq)
        rows = self._connection.execute(query.order_by(ErasedItemRow.id).limit(limit)).all()
        return [_item(row) for row in rows]

    def number_beyond(self, table: str, last: int) -> None:
        """Have the table's numbers go on behind that one, if they have not come so far."""
        dialect = dialect_of(self._connection.dialect)
        if last > dialect.last_id(self._connection, table):
            dialect.set_last_id(self._connection, table, last)

    def merge(self, items: Sequence[ErasedItem]) -> int:
        """Add those that are not there yet, of another copy's ledger; how many there were."""
        ids = sorted({one.id for one in items})
        query = select(*_ALL).where(among(ErasedItemRow.item_id, ids))
        known = {_identity(_item(row)) for row in self._connection.execute(query)}
        new = {_identity(one): one for one in items if _identity(one) not in known}
        if new:
            self._connection.execute(insert(ErasedItemRow), [_values(one) for one in new.values()])
        return len(new)

    def erased_subjects(self, subject_ids: Sequence[str]) -> frozenset[str]:
        """Ids of the given ones that were erased, in whatever collection."""
        return self._erased("subject", subject_ids)

    def erased_collections(self, collection_ids: Sequence[str]) -> frozenset[str]:
        """Ids of the given ones that were erased."""
        return self._erased("collection", collection_ids)

    def erased_faces(self, made_at: Sequence[datetime]) -> frozenset[datetime]:
        """Instants of the given ones at which a face was made that was erased since."""
        if not made_at:
            return frozenset()
        wanted = sorted(set(made_at))
        query = select(ErasedItemRow.made_at).where(
            ErasedItemRow.kind == "face", ErasedItemRow.made_at.in_(wanted)
        )
        return frozenset(self._connection.execute(query).scalars())

    def _erased(self, kind: ErasedKind, ids: Sequence[str]) -> frozenset[str]:
        query = select(ErasedItemRow.item_id).where(
            ErasedItemRow.kind == kind, among(ErasedItemRow.item_id, sorted(set(ids)))
        )
        return frozenset(self._connection.execute(query).scalars())

    def _note_rows(
        self,
        kind: ErasedKind,
        table: Any,
        made_at: InstrumentedAttribute[datetime],
        at: datetime,
        which: ColumnElement[bool],
    ) -> None:
        place = CollectionRow.id if table is CollectionRow else table.collection_id
        rows = select(
            literal(kind), cast(table.id, Text()), place, made_at, literal(at, UtcDateTime())
        )
        chosen = rows.where(which).order_by(table.id)
        self._connection.execute(insert(ErasedItemRow).from_select(_COLUMNS, chosen))

    def _note_origins(
        self, kind: ErasedKind, collection_id: str, ids: Sequence[str], at: datetime
    ) -> None:
        """Note everything that went into the items, directly or by way of others."""
        asked = {(kind, one) for one in ids}
        waiting = asked.copy()
        while waiting:
            rows = self._connection.execute(_went_into(collection_id, waiting)).all()
            entries = [
                ErasedItem(row.kind, row.item_id, row.collection_id, row.made_at, at)
                for row in rows
            ]
            if entries:
                self._connection.execute(insert(ErasedItemRow), [_values(e) for e in entries])
            for one in entries:
                self.came_back(one.kind, one.collection_id, one.id)
            gone = sorted(one.id for one in entries if one.kind == "subject")
            rights = delete(SubjectRightsRow).where(among(SubjectRightsRow.subject_id, gone))
            self._connection.execute(rights)
            waiting = {(one.kind, one.id) for one in entries} - asked
            asked |= waiting


def _went_into(collection_id: str, items: Iterable[tuple[ErasedKind, str]]) -> Any:
    by_kind: dict[ErasedKind, list[str]] = {}
    for kind, item_id in items:
        by_kind.setdefault(kind, []).append(item_id)
    into = [
        and_(OriginRow.into_kind == kind, among(OriginRow.into_id, sorted(ids)))
        for kind, ids in by_kind.items()
    ]
    columns = (OriginRow.kind, OriginRow.item_id, OriginRow.collection_id, OriginRow.made_at)
    return select(*columns).where(OriginRow.collection_id == collection_id, or_(*into))


def _identity(item: ErasedItem) -> tuple[str, str, str, datetime]:
    return item.kind, item.id, item.collection_id, item.made_at


def _values(item: ErasedItem) -> dict[str, Any]:
    values = (item.kind, item.id, item.collection_id, item.made_at, item.erased_at)
    return dict(zip(_COLUMNS, values, strict=True))


def _item(row: Any) -> ErasedItem:
    return ErasedItem(
        row.kind, row.item_id, row.collection_id, row.made_at, row.erased_at, seq=row.id
    )
