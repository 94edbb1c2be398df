"""Numbers of a subject that each key was given, counted in SQL."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select, update

from app.storage.repositories.changes import SqlChangeLog
from app.storage.repositories.membership import among
from app.storage.tables import AllowanceRow, ApiKeyRow, SubjectRow

# Made once: to build a statement costs more than to run it.
_USED = (
    select(SubjectRow.id, AllowanceRow.period, AllowanceRow.numbers)
    .outerjoin(
        AllowanceRow,
        and_(AllowanceRow.subject_id == SubjectRow.id, AllowanceRow.key_id == bindparam("key")),
    )
    .where(
        among(SubjectRow.id, "subjects"),
        select(ApiKeyRow.id).where(ApiKeyRow.id == bindparam("key")).exists(),
    )
)
_UPDATE = (
    update(AllowanceRow)
    .where(AllowanceRow.key_id == bindparam("key"), AllowanceRow.subject_id == bindparam("subject"))
    .values(period=bindparam("to_period"), numbers=bindparam("to"))
)
_INSERT = insert(AllowanceRow).values(
    key_id=bindparam("key"),
    subject_id=bindparam("subject"),
    period=bindparam("to_period"),
    numbers=bindparam("to"),
)


class SqlAllowances:
    """Counts by key and subject, of one period each."""

    def __init__(self, connection: Connection, changes: SqlChangeLog) -> None:
        self._connection = connection
        self._changes = changes

    def reserve(
        self, key_id: str, numbers: Mapping[str, int], *, period: int, limit: int
    ) -> Mapping[str, int]:
        """Take so many of each subject, or what is left up to `limit`; how many were taken.

        Subjects that there are not have none, nor has a key that there is not.
        """
        used = self._used(key_id, list(numbers), period)
        taken = {
            subject: max(0, min(numbers[subject], limit - already))
            for subject, already in used.items()
        }
        for subject, number in taken.items():
            if number:
                self._set(key_id, subject, period, used[subject] + number)
        return taken

    def move(self, from_subject: str, to_subject: str) -> None:
        """Add the counts of one subject to those of another."""
        moved = select(AllowanceRow.key_id, AllowanceRow.period, AllowanceRow.numbers).where(
            AllowanceRow.subject_id == from_subject
        )
        for key_id, period, number in self._connection.execute(moved).all():
            used = self._used(key_id, [to_subject], period)
            self._set(key_id, to_subject, period, used[to_subject] + number)
        self._remove(AllowanceRow.subject_id == from_subject)

    def raise_to(self, from_subject: str, to_subject: str) -> None:
        """Let the counts of `to_subject` be at least those of `from_subject`, which keeps them."""
        shared = select(AllowanceRow.key_id, AllowanceRow.period, AllowanceRow.numbers).where(
            AllowanceRow.subject_id == from_subject
        )
        for key_id, period, number in self._connection.execute(shared).all():
            used = self._used(key_id, [to_subject], period)
            self._set(key_id, to_subject, period, max(used[to_subject], number))

    def remove_of_key(self, key_id: str) -> None:
        self._remove(AllowanceRow.key_id == key_id)

    def remove_before(self, period: int) -> int:
        """Returns the number of rows that there were."""
        return self._remove(AllowanceRow.period < period)

    def _used(self, key_id: str, subjects: list[str], period: int) -> dict[str, int]:
        """Used numbers by subject, of those that there are."""
        rows = self._connection.execute(_USED, {"key": key_id, "subjects": subjects})
        return {row[0]: row[2] if row[1] == period else 0 for row in rows}

    def _set(self, key_id: str, subject_id: str, period: int, numbers: int) -> None:
        values = {"key": key_id, "subject": subject_id, "to_period": period, "to": numbers}
        if not self._connection.execute(_UPDATE, values).rowcount:
            self._connection.execute(_INSERT, values)

    def _remove(self, which: ColumnElement[bool]) -> int:
        removed = self._connection.execute(delete(AllowanceRow).where(which)).rowcount
        if removed:
            self._changes.note_erasure()
        return removed
