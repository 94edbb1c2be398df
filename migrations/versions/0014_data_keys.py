"""Data keys of kept pictures, sealed under the master key, and which picture is under which."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("id", WORD, nullable=False),
        sa.Column("subject_id", WORD, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_data_keys"),
    )
    op.create_index("ix_data_keys_subject_id", "data_keys", ["subject_id"])
    # No foreign key: the version before adds rows without one.
    op.add_column("images", sa.Column("key_id", WORD, nullable=True))
    op.create_index("ix_images_key_id", "images", ["key_id"])


def downgrade() -> None:
    op.drop_index("ix_images_key_id", "images")
    op.drop_column("images", "key_id")
    op.drop_table("data_keys")
