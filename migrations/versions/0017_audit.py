"""The record of who did what: entries chained by hashes, and which was the last."""

import sqlalchemy as sa
from alembic import op

from app.domain.auditing.chain import FIRST_HASH
from app.storage.dialects.table import WORD

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", WORD, nullable=False),
        sa.Column("hash", WORD, nullable=False),
        sa.Column("time", WORD, nullable=False),
        sa.Column("key_id", WORD, nullable=False),
        sa.Column("action", WORD, nullable=False),
        sa.Column("outcome", WORD, nullable=False),
        sa.Column("collection", WORD, nullable=True),
        sa.Column("collection_id", WORD, nullable=True),
        sa.Column("subject_id", WORD, nullable=True),
        sa.Column("request_id", WORD, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_subject_id", "audit_entries", ["subject_id"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.CheckConstraint("id = 1", name="ck_audit_head_single"),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": FIRST_HASH}])


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_table("audit_entries")
