"""The ledger of erased ids, what went into what, and the database's name among its copies."""

import secrets

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import BIG_ID, IDS_ONCE, WORD

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased_items",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("item_id", WORD, nullable=False),
        sa.Column("collection_id", WORD, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erased_items"),
        **IDS_ONCE,
    )
    for column in ("item_id", "made_at"):
        op.create_index(f"ix_erased_items_kind_{column}", "erased_items", ["kind", column])
    op.create_table(
        "origins",
        sa.Column("kind", WORD, nullable=False),
        sa.Column("item_id", WORD, nullable=False),
        sa.Column("collection_id", WORD, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("into_kind", WORD, nullable=False),
        sa.Column("into_id", WORD, nullable=False),
        sa.PrimaryKeyConstraint("kind", "item_id", "collection_id", name="pk_origins"),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name="fk_origins_collection_id_collections",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_origins_into_kind_into_id", "origins", ["into_kind", "into_id"])
    installation = op.create_table(
        "installation",
        sa.Column("single", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("restored_from", WORD, nullable=True),
        sa.PrimaryKeyConstraint("single", name="pk_installation"),
        sa.CheckConstraint("single = 1", name="ck_installation_single"),
    )
    op.bulk_insert(installation, [{"single": 1, "id": secrets.token_hex(8)}])


def downgrade() -> None:
    for table in ("installation", "origins", "erased_items"):
        op.drop_table(table)
