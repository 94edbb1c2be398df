"""Names of the master keys that data is protected by."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "master_keys",
        sa.Column("id", WORD, nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_master_keys"),
    )


def downgrade() -> None:
    op.drop_table("master_keys")
