"""Compaction of the change log in SQL."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from app.domain.gallery import LogFloor
from app.storage.change_tables import ChangeFloorRow, FollowerRow
from app.storage.tables import ChangeRow


class SqlCompaction:
    """Followers of the log, and the position up to which its lines are gone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def floor(self) -> LogFloor | None:
        """The position that the log was compacted to; None before it was looked at first."""
        query = select(ChangeFloorRow.seq, ChangeFloorRow.mark_seq, ChangeFloorRow.mark_at)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else LogFloor(row.seq, row.mark_seq, row.mark_at)

    def put_floor(self, floor: LogFloor) -> None:
        """Store it."""
        values = {"seq": floor.seq, "mark_seq": floor.mark_seq, "mark_at": floor.mark_at}
        if not self._connection.execute(update(ChangeFloorRow).values(values)).rowcount:
            self._connection.execute(insert(ChangeFloorRow).values(id=1, **values))

    def remove_through(self, seq: int) -> int:
        """Remove the lines up to that position; how many there were."""
        return self._connection.execute(delete(ChangeRow).where(ChangeRow.seq <= seq)).rowcount

    def announce(self, follower: str, seq: int, at: datetime) -> None:
        """Note where a follower stands."""
        known = update(FollowerRow).where(FollowerRow.name == follower)
        if not self._connection.execute(known.values(seq=seq, seen_at=at)).rowcount:
            row = insert(FollowerRow).values(name=follower, seq=seq, seen_at=at)
            self._connection.execute(row)

    def forget_silent(self, before: datetime) -> int:
        """Forget those that were not heard of since; how many there were."""
        silent = delete(FollowerRow).where(FollowerRow.seen_at < before)
        return self._connection.execute(silent).rowcount

    def slowest(self) -> int | None:
        """The lowest position of a follower; None when nobody follows."""
        return self._connection.execute(select(func.min(FollowerRow.seq))).scalar_one()
