"""Followers of the change log, and how far the log was compacted."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_followers",
        sa.Column("name", WORD, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_change_followers"),
    )
    op.create_table(
        "change_floor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("mark_seq", sa.BigInteger(), nullable=False),
        sa.Column("mark_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_change_floor_single"),
        sa.PrimaryKeyConstraint("id", name="pk_change_floor"),
    )


def downgrade() -> None:
    op.drop_table("change_floor")
    op.drop_table("change_followers")
