"""Faces that are not of a subject, suggestions about who is who, and whom sightings may be of."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import BIG_ID, WORD

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Nullable and without a default: processes of the version before go on writing rows.
    op.add_column("collections", sa.Column("has_negatives", sa.Boolean(), nullable=True))
    op.add_column("operations", sa.Column("details", sa.JSON(none_as_null=True), nullable=True))
    _create_negatives()
    _create_suggestions()
    op.create_table(
        "namings",
        sa.Column("collection_id", WORD, nullable=False),
        sa.Column("subject_id", WORD, nullable=False),
        sa.Column("at", _AT, nullable=False),
        *_foreign("namings", collection_id="collections", subject_id="subjects"),
        sa.PrimaryKeyConstraint("collection_id", "subject_id", name="pk_namings"),
    )
    op.create_index("ix_namings_subject_id", "namings", ["subject_id"])


def _create_negatives() -> None:
    op.create_table(
        "negatives",
        sa.Column("id", WORD, nullable=False),
        sa.Column("collection_id", WORD, nullable=False),
        sa.Column("subject_id", WORD, nullable=False),
        sa.Column("face_id", BIG_ID, nullable=True),
        sa.Column("sighting_id", BIG_ID, nullable=True),
        sa.Column("at", _AT, nullable=False),
        sa.Column("key_id", WORD, nullable=False),
        *_foreign(
            "negatives",
            collection_id="collections",
            subject_id="subjects",
            face_id="faces",
            sighting_id="sightings",
        ),
        sa.CheckConstraint(
            "(face_id IS NULL) <> (sighting_id IS NULL)", name="ck_negatives_one_face"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_negatives"),
    )
    op.create_index("ix_negatives_subject_id_id", "negatives", ["subject_id", "id"])
    for column in ("collection_id", "face_id", "sighting_id"):
        op.create_index(f"ix_negatives_{column}", "negatives", [column])


def _create_suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", WORD, nullable=False),
        sa.Column("collection_id", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("likelihood", sa.Double(), nullable=False),
        sa.Column("group_id", WORD, nullable=True),
        sa.Column("subject_id", WORD, nullable=True),
        sa.Column("other_id", WORD, nullable=True),
        sa.Column("face_id", BIG_ID, nullable=True),
        sa.Column("found_at", _AT, nullable=False),
        sa.Column("refused_at", _AT, nullable=True),
        *_foreign(
            "suggestions",
            collection_id="collections",
            group_id="sighting_groups",
            subject_id="subjects",
            other_id="subjects",
            face_id="faces",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
    )
    op.create_index(
        "ix_suggestions_collection_id_likelihood_id",
        "suggestions",
        ["collection_id", "likelihood", "id"],
    )
    for column in ("group_id", "subject_id", "other_id", "face_id"):
        op.create_index(f"ix_suggestions_{column}", "suggestions", [column])


def _foreign(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete="CASCADE"
        )
        for column, other in columns.items()
    ]


def downgrade() -> None:
    for table in ("namings", "suggestions", "negatives"):
        op.drop_table(table)
    with op.batch_alter_table("operations") as operations:
        operations.drop_column("details")
    with op.batch_alter_table("collections") as collections:
        collections.drop_column("has_negatives")
