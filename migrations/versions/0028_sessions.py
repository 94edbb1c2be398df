"""Browsers that are signed in by an API key."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", WORD, nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("key_id", WORD, nullable=False),
        sa.Column("key_digest", WORD, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", WORD, nullable=False),
        sa.Column("agent", WORD, nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name="fk_sessions_key_id_api_keys", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_key_id", "sessions", ["key_id"])
    op.create_index("ix_sessions_last_used_at", "sessions", ["last_used_at"])


def downgrade() -> None:
    op.drop_table("sessions")
