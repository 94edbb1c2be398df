"""Rights of subjects: restriction, consent, and how long they are kept."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subject_rights",
        sa.Column("subject_id", WORD, nullable=False),
        sa.Column("collection_id", WORD, nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("subject_id", name="pk_subject_rights"),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name="fk_subject_rights_collection_id_collections",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_subject_rights_collection_id", "subject_rights", ["collection_id"])


def downgrade() -> None:
    op.drop_table("subject_rights")
