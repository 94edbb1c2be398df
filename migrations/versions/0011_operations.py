"""Corrections of who is who, and what undoing them needs."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import BIG_ID, WORD

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_operations()
    _create_faces()


def _create_operations() -> None:
    op.create_table(
        "operations",
        sa.Column("id", WORD, nullable=False),
        sa.Column("collection_id", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", WORD, nullable=False),
        sa.Column("subject_id", WORD, nullable=False),
        sa.Column("made_subject", sa.Boolean(), nullable=False),
        sa.Column("absorbed_id", WORD, nullable=True),
        sa.Column("absorbed", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_operations"),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name="fk_operations_collection_id_collections",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_operations_collection_id_id", "operations", ["collection_id", "id"])
    for column in ("at", "subject_id", "absorbed_id"):
        op.create_index(f"ix_operations_{column}", "operations", [column])


def _create_faces() -> None:
    op.create_table(
        "operation_faces",
        sa.Column("operation_id", WORD, nullable=False),
        sa.Column("face_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("subject_id", WORD, nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "face_id", name="pk_operation_faces"),
        sa.ForeignKeyConstraint(
            ["operation_id"],
            ["operations.id"],
            name="fk_operation_faces_operation_id_operations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["face_id"],
            ["faces.id"],
            name="fk_operation_faces_face_id_faces",
            ondelete="CASCADE",
        ),
    )
    for column in ("face_id", "subject_id"):
        op.create_index(f"ix_operation_faces_{column}", "operation_faces", [column])


def downgrade() -> None:
    op.drop_table("operation_faces")
    op.drop_table("operations")
