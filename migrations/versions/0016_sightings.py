"""Faces that were seen and not named."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import BIG_ID, IDS_ONCE, WORD

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sightings",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("collection_id", WORD, nullable=False),
        sa.Column("encoder", WORD, nullable=False),
        sa.Column("group_id", WORD, nullable=True),
        sa.Column("grouped", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("source_digest", WORD, nullable=True),
        sa.Column("image_digest", WORD, nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("template", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sightings"),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name="fk_sightings_collection_id_collections",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["image_digest"], ["images.digest"], name="fk_sightings_image_digest_images"
        ),
        **IDS_ONCE,
    )
    for column in ("id", "group_id", "source_digest"):
        op.create_index(
            f"ix_sightings_collection_id_{column}", "sightings", ["collection_id", column]
        )
    op.create_index("ix_sightings_image_digest", "sightings", ["image_digest"])


def downgrade() -> None:
    op.drop_table("sightings")
