"""Curves of galleries: the one in force, and one that waits to be accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nullable and without a default: processes of the version before go on writing rows.
    op.add_column("collections", sa.Column("calibration", sa.JSON(), nullable=True))
    op.add_column("collections", sa.Column("proposed_calibration", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("collections") as collections:
        collections.drop_column("proposed_calibration")
        collections.drop_column("calibration")
