"""The change log in SQL: what an index has to follow, in the order of commits."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from app.domain.gallery import Change, Partition
from app.storage.repositories.membership import among
from app.storage.tables import ChangeClockRow, ChangeRow, ErasureClockRow

Kind = Literal["add", "remove", "drop"]
_HEAD = select(ChangeClockRow.seq)


class SqlChangeLog:
    """Reads the log; faces write to it through `append`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.written = False
        """Whether this transaction has appended a line."""
        self._erases = False
        self.grown: set[str] = set()
        """Collections that this transaction has added subjects, faces or pictures to."""

    def head(self) -> int:
        """The last position, 0 for an empty log. Erased lines do not move it back."""
        return self._connection.execute(_HEAD).scalar_one()

    def erasures(self) -> int:
        """Number of transactions that have erased or overwritten something until now."""
        return self._connection.execute(select(ErasureClockRow.erasures)).scalar_one()

    def note_erasure(self) -> None:
        """Count this transaction as one that removes or overwrites data of people."""
        self._erases = True

    def count_erasure(self) -> None:
        """Count this transaction if it erases; the last thing before its commit."""
        if self._erases:
            self._connection.execute(
                update(ErasureClockRow).values(erasures=ErasureClockRow.erasures + 1)
            )

    def after(self, seq: int, *, limit: int) -> Sequence[Change]:
        """Lines behind position `seq`, in order, `limit` at most."""
        rows = self._connection.execute(
            select(
                ChangeRow.seq,
                ChangeRow.collection_id,
                ChangeRow.encoder,
                ChangeRow.kind,
                ChangeRow.face_id,
            )
            .where(ChangeRow.seq > seq)
            .order_by(ChangeRow.seq)
            .limit(limit)
        )
        return [
            Change(
                seq=row.seq,
                partition=Partition(row.collection_id, row.encoder),
                kind=row.kind,
                face_id=row.face_id,
            )
            for row in rows
        ]

    def drop(self, partition: Partition) -> None:
        """Erase the partition's lines and write one `drop` line."""
        self._connection.execute(
            delete(ChangeRow).where(
                ChangeRow.collection_id == partition.collection_id,
                ChangeRow.encoder == partition.encoder,
            )
        )
        self.append("drop", [(partition, None)])

    def append(self, kind: Kind, lines: Sequence[tuple[Partition, int | None]]) -> None:
        """Write one line per (partition, face id)."""
        if not lines:
            return
        self.written = True
        self._erases = self._erases or kind != "add"
        last = self._connection.execute(
            update(ChangeClockRow)
            .values(seq=ChangeClockRow.seq + len(lines))
            .returning(ChangeClockRow.seq)
        ).scalar_one()
        first = last - len(lines) + 1
        self._connection.execute(
            insert(ChangeRow),
            [
                {
                    "seq": seq,
                    "collection_id": partition.collection_id,
                    "encoder": partition.encoder,
                    "kind": kind,
                    "face_id": face_id,
                }
                for seq, (partition, face_id) in enumerate(lines, start=first)
            ],
        )

    def forget_additions(self, face_ids: Sequence[int]) -> None:
        """Erase the `add` lines of faces that are about to go."""
        self._connection.execute(
            delete(ChangeRow).where(among(ChangeRow.face_id, face_ids), ChangeRow.kind == "add")
        )
