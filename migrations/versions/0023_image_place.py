"""Files of pictures that have yet to go, and whose the place of pictures is."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "released_images",
        sa.Column("digest", WORD, nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_released_images"),
    )
    op.create_index("ix_released_images_released_at", "released_images", ["released_at"])
    op.create_table(
        "image_place",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("installation", WORD, nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_image_place_single"),
        sa.PrimaryKeyConstraint("id", name="pk_image_place"),
    )


def downgrade() -> None:
    op.drop_table("image_place")
    op.drop_table("released_images")
