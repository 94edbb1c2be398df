"""How many numbers of a subject each key was given in a period."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allowances",
        sa.Column("key_id", WORD, nullable=False),
        sa.Column("subject_id", WORD, nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name="fk_allowances_key_id_api_keys", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["subjects.id"],
            name="fk_allowances_subject_id_subjects",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key_id", "subject_id", name="pk_allowances"),
    )
    op.create_index("ix_allowances_subject_id", "allowances", ["subject_id"])
    op.create_index("ix_allowances_period", "allowances", ["period"])


def downgrade() -> None:
    op.drop_table("allowances")
