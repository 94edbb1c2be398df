"""The last look at a gallery's health; the face that was chosen to stand for a subject."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import BIG_ID

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nullable and without a default: processes of the version before go on writing rows.
    op.add_column("collections", sa.Column("checkup", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("subjects", sa.Column("chosen_face", BIG_ID, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("subjects") as subjects:
        subjects.drop_column("chosen_face")
    with op.batch_alter_table("collections") as collections:
        collections.drop_column("checkup")
