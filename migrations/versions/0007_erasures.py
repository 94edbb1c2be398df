"""How often something was erased, for backups and for the log beside the database."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A table of its own: to alter one that is in use would wait for, and hold up, its writers.
    clock = op.create_table(
        "erasure_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("erasures", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasure_clock"),
        sa.CheckConstraint("id = 1", name="ck_erasure_clock_single"),
    )
    op.bulk_insert(clock, [{"id": 1, "erasures": 0}])


def downgrade() -> None:
    op.drop_table("erasure_clock")
