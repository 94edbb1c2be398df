"""The audit record in SQL."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import NoResultFound

from app.domain.auditing.chain import DISTRUST, chain
from app.domain.auditing.entries import AuditEntry, AuditFilter, AuditHead, AuditRecord
from app.domain.protection import Seal
from app.storage.audit_tables import AuditHeadRow, AuditRow
from app.storage.dialects.table import dialect_of
from app.storage.tables import CollectionRow

AUDIT_CLOCK: Any = select(AuditHeadRow.seq, AuditHeadRow.hash, AuditHeadRow.mark)
"""The row that whoever appends holds until it commits."""
_HEAD_HELD = AUDIT_CLOCK.with_for_update()
"""Also held by a transaction that has begun with something else; SQLite's holds everything."""
# Made once: to build a statement costs more than to run it.
_FIELDS = {
    "time": AuditRow.time,
    "key": AuditRow.key_id,
    "action": AuditRow.action,
    "outcome": AuditRow.outcome,
    "collection": AuditRow.collection,
    "collection_id": AuditRow.collection_id,
    "subject": AuditRow.subject_id,
    "request_id": AuditRow.request_id,
}
"""Columns by the name of the field of the content that they repeat."""
_COLUMNS = [(name, column.key) for name, column in _FIELDS.items()]
_ROWS = select(AuditRow.seq, AuditRow.content, AuditRow.hash, *_FIELDS.values())
_INSERT = insert(AuditRow)
_ADVANCE = update(AuditHeadRow).values(
    seq=bindparam("to_seq"), hash=bindparam("to_hash"), mark=bindparam("to_mark")
)
_COLLECTION = select(CollectionRow.id).where(CollectionRow.name == bindparam("name"))


class SqlAudit:
    """Entries in the order of their numbers, and which was the last."""

    def __init__(
        self, connection: Connection, seal: Seal | None = None, held: Sequence[Any] | None = None
    ) -> None:
        """`seal` marks the last entry, so that only whoever has the master key can write one.

        `held`: the row of `AUDIT_CLOCK`, where whoever holds it has read it.
        """
        self._connection = connection
        self._seal = seal
        self._last = None if held is None else AuditHead(*held[:3])
        self._dialect = dialect_of(connection.dialect)

    def head(self) -> AuditHead | None:
        """The last entry written; None where the note of it is gone."""
        row = self._connection.execute(AUDIT_CLOCK).one_or_none()
        return None if row is None else AuditHead(*row)

    def is_genuine(self, head: AuditHead) -> bool:
        """Whether whoever has the master key wrote the last entry; True without that key."""
        return head.seq == 0 or self._seal is None or self._seal.is_marked(head.text(), head.mark)

    def append(self, entries: Sequence[AuditEntry]) -> Sequence[AuditRecord]:
        """Write entries behind the last one; nobody else does until the transaction ends.

        Before them comes one that says so, where somebody else has written that one.
        """
        head = self._last or self._held()
        if entries and not self.is_genuine(head):
            details = {"seq": head.seq, "hash": head.hash}
            entries = [AuditEntry(entries[0].at, DISTRUST, "done", details=details), *entries]
        records = chain([self._placed(entry) for entry in entries], head)
        if records:
            last = AuditHead(records[-1].seq, records[-1].hash)
            mark = None if self._seal is None else self._seal.mark(last.text())
            moved = {"to_seq": last.seq, "to_hash": last.hash, "to_mark": mark}
            rows = [_row(record) for record in records]
            self._dialect.run(self._connection, (_INSERT, rows), (_ADVANCE, [moved]))
            self._last = replace(last, mark=mark)
        return records

    def touch(self) -> None:
        """Write what is there already, so that the transaction has something to sync."""
        self._connection.execute(update(AuditHeadRow).values(seq=AuditHeadRow.seq))

    def list(
        self, wanted: AuditFilter, *, before: int | None = None, limit: int
    ) -> Sequence[AuditRecord]:
        """The newest first, those with a number below `before`."""
        query = _ROWS.where(*_conditions(wanted)).order_by(AuditRow.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(AuditRow.seq < before)
        return [_record(row) for row in self._connection.execute(query)]

    def scan(self, *, batch: int, wanted: AuditFilter | None = None) -> Iterator[AuditRecord]:
        """Every entry, or those wanted, the oldest first."""
        query = _ROWS.where(*_conditions(wanted or AuditFilter()))
        query = query.order_by(AuditRow.seq).limit(batch)
        last = -(2**62)
        while rows := self._connection.execute(query.where(AuditRow.seq > last)).all():
            yield from map(_record, rows)
            last = rows[-1].seq

    def older_than(self, at: datetime) -> AuditRecord | None:
        """The last of the oldest entries that were all written before `at`."""
        kept = select(AuditRow.seq).where(AuditRow.time >= _text(at)).order_by(AuditRow.seq)
        first_kept = self._connection.execute(kept.limit(1)).scalar()
        query = _ROWS.order_by(AuditRow.seq.desc()).limit(1)
        if first_kept is not None:
            query = query.where(AuditRow.seq < first_kept)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _record(row)

    def cut(self, through: int) -> int:
        """Remove the oldest entries up to that one; how many there were."""
        return self._connection.execute(delete(AuditRow).where(AuditRow.seq <= through)).rowcount

    def _held(self) -> AuditHead:
        """The last entry, behind which nobody else writes until the transaction ends."""
        row = self._dialect.run(self._connection, (_HEAD_HELD, [{}]))
        if row is None:
            raise NoResultFound("the note of the last entry is gone")
        return AuditHead(*row)

    def _placed(self, entry: AuditEntry) -> AuditEntry:
        """The entry with the id of its collection, where nobody knew more than the name."""
        if entry.collection is None or entry.collection_id is not None:
            return entry
        found = self._connection.execute(_COLLECTION, {"name": entry.collection}).scalar()
        return replace(entry, collection_id=found)


def _row(record: AuditRecord) -> dict[str, Any]:
    columns = {column: record.columns[name] for name, column in _COLUMNS}
    return {"seq": record.seq, "content": record.content, "hash": record.hash, **columns}


def _record(row: Any) -> AuditRecord:
    seq, content, digest, *columns = row
    return AuditRecord(seq, content, digest, dict(zip(_FIELDS, columns, strict=True)))


def _text(at: datetime) -> str:
    """The instant as entries have it, so that texts come in the order of instants."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    exact = {
        AuditRow.key_id: wanted.key,
        AuditRow.action: wanted.action,
        AuditRow.outcome: wanted.outcome,
        AuditRow.collection: wanted.collection,
        AuditRow.collection_id: wanted.collection_id,
        AuditRow.subject_id: wanted.subject,
        AuditRow.request_id: wanted.request_id,
    }
    conditions: list[ColumnElement[bool]] = [
        column == value for column, value in exact.items() if value is not None
    ]
    if wanted.since is not None:
        conditions.append(AuditRow.time >= _text(wanted.since))
    if wanted.until is not None:
        conditions.append(AuditRow.time < _text(wanted.until))
    return conditions
