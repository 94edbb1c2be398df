"""Templates of the encoder that a collection is about to change to."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import BIG_ID, WORD

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staged_templates",
        sa.Column("face_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("encoder", WORD, nullable=False),
        sa.Column("template", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("face_id", "encoder", name="pk_staged_templates"),
        sa.ForeignKeyConstraint(
            ["face_id"], ["faces.id"], name="fk_staged_templates_face_id_faces", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("staged_templates")
