"""Signed receipts of erasures, and the keys that sign them."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", WORD, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("collection_id", WORD, nullable=False),
        sa.Column("content", WORD, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_collection_id_id", "receipts", ["collection_id", "id"])
    op.create_table(
        "receipt_keys",
        sa.Column("id", WORD, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_receipt_keys"),
    )


def downgrade() -> None:
    op.drop_table("receipt_keys")
    op.drop_table("receipts")
