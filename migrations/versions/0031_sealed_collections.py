"""Sealed collections: the key of each, and what is sealed by it of its subjects."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nullable and without a default: processes of the version before go on writing rows.
    op.add_column("collections", sa.Column("sealed_key", sa.LargeBinary(), nullable=True))
    op.add_column("subjects", sa.Column("sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("subjects") as subjects:
        subjects.drop_column("sealed")
    with op.batch_alter_table("collections") as collections:
        collections.drop_column("sealed_key")
