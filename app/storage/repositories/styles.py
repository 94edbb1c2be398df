"""Stored styles in SQL, pictures included: they are small, few, and never without their row."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select

from app.domain.errors.gallery import DuplicateStyleError, UnknownStyleError
from app.domain.styles import PreparedPicture, StoredStyle
from app.storage.repositories.changes import SqlChangeLog
from app.storage.tables import StyleRow

_COLUMNS = (
    StyleRow.name,
    StyleRow.width,
    StyleRow.height,
    func.length(StyleRow.content).label("bytes"),
    StyleRow.created_at,
)


class SqlStyles:
    """Styles by name."""

    def __init__(self, connection: Connection, changes: SqlChangeLog) -> None:
        self._changes = changes
        self._connection = connection

    def add(self, style: StoredStyle, picture: PreparedPicture) -> None:
        """Raises DuplicateStyleError."""
        # Asked first, and safe because writers come one by one.
        taken = select(StyleRow.name).where(StyleRow.name == style.name)
        if self._connection.execute(taken).first() is not None:
            raise DuplicateStyleError(
                f"There is a style named {style.name!r} already.",
                hint="Choose another name, or delete that one first.",
                style=style.name,
            )
        self._connection.execute(
            insert(StyleRow).values(
                name=style.name,
                width=style.width,
                height=style.height,
                media_type=picture.media_type,
                content=picture.content,
                created_at=style.created_at,
            )
        )

    def get(self, name: str) -> StoredStyle:
        """Raises UnknownStyleError."""
        query = select(*_COLUMNS).where(StyleRow.name == name)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise _unknown(name)
        return StoredStyle(**row._mapping)

    def picture(self, name: str) -> PreparedPicture:
        """Raises UnknownStyleError."""
        row = self._connection.execute(
            select(StyleRow.content, StyleRow.media_type, StyleRow.width, StyleRow.height).where(
                StyleRow.name == name
            )
        ).one_or_none()
        if row is None:
            raise _unknown(name)
        return PreparedPicture(**row._mapping)

    def list(self, *, after: str | None, limit: int) -> Sequence[StoredStyle]:
        """Styles by name, those whose name comes after `after`."""
        query = select(*_COLUMNS).order_by(StyleRow.name).limit(limit)
        if after is not None:
            query = query.where(StyleRow.name > after)
        return [StoredStyle(**row._mapping) for row in self._connection.execute(query)]

    def count(self) -> int:
        """Number of styles."""
        return self._connection.execute(select(func.count()).select_from(StyleRow)).scalar_one()

    def remove(self, name: str) -> None:
        """Raises UnknownStyleError."""
        done = self._connection.execute(delete(StyleRow).where(StyleRow.name == name))
        if not done.rowcount:
            raise _unknown(name)
        self._changes.note_erasure()


def _unknown(name: str) -> UnknownStyleError:
    return UnknownStyleError(f"There is no style named {name!r}.", style=name)
