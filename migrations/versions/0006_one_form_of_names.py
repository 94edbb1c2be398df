"""One form of every name, so that a person is found however the name is written."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROWS = 1_000
SUBJECTS = sa.table(
    "subjects",
    *(sa.column(name, sa.Text()) for name in ("id", "collection_id", "name", "external_id")),
)


def upgrade() -> None:
    connection = op.get_bind()
    last = ""
    while rows := _after(connection, last):
        for row in rows:
            for column in (SUBJECTS.c.name, SUBJECTS.c.external_id):
                _rewrite(connection, row, column)
        last = rows[-1].id


def downgrade() -> None:
    """Nothing: both forms are the same name."""


def _after(connection: sa.Connection, last: str) -> list[sa.Row]:
    query = sa.select(SUBJECTS).where(SUBJECTS.c.id > last).order_by(SUBJECTS.c.id).limit(ROWS)
    return list(connection.execute(query))


def _rewrite(connection: sa.Connection, row: sa.Row, column: sa.Column) -> None:
    """Two rows that become one name stay two: who is who is for people to decide."""
    value = getattr(row, column.name)
    form = None if value is None else _one_form(value)
    if not form or form == value:
        return
    taken = sa.select(SUBJECTS.c.id).where(
        SUBJECTS.c.collection_id == row.collection_id, column == form
    )
    if connection.execute(taken).first() is None:
        connection.execute(
            sa.update(SUBJECTS).where(SUBJECTS.c.id == row.id).values({column.name: form})
        )


def _one_form(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(" " if unicodedata.category(c) == "Zs" else c for c in composed)
    return plain.strip(" ")
