"""Events, and the addresses that are told of them."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import BIG_ID, IDS_ONCE, WORD

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("collection_id", WORD, nullable=False),
        sa.Column("collection", WORD, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        **IDS_ONCE,
    )
    op.create_index("ix_events_collection_id_id", "events", ["collection_id", "id"])
    op.create_index("ix_events_at", "events", ["at"])
    _webhooks()


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", WORD, nullable=False),
        sa.Column("url", WORD, nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("collection_id", WORD, nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name="fk_webhooks_collection_id_collections",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_webhooks_collection_id", "webhooks", ["collection_id"])
    _deliveries()


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("webhook_id", WORD, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dead", sa.Boolean(), nullable=False),
        sa.Column("error", WORD, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhooks.id"],
            name="fk_deliveries_webhook_id_webhooks",
            ondelete="CASCADE",
        ),
        **IDS_ONCE,
    )
    op.create_index("ix_deliveries_webhook_id_id", "deliveries", ["webhook_id", "id"])
    op.create_index("ix_deliveries_dead_due_at", "deliveries", ["dead", "due_at"])


def downgrade() -> None:
    for table in ("deliveries", "webhooks", "events"):
        op.drop_table(table)
