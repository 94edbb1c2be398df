"""Namings of groups that can be undone; pages of sightings by time, whatever is asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_INDEXES = {
    "ix_sightings_collection_id_at_quality": ["collection_id", "at", "quality"],
    "ix_sightings_collection_id_source_at": ["collection_id", "source", "at"],
    "ix_sightings_collection_id_source_decision_at": [
        "collection_id",
        "source",
        "decision",
        "at",
    ],
    "ix_sightings_collection_id_decision_at": ["collection_id", "decision", "at"],
    "ix_sightings_subject_id_at": ["subject_id", "at"],
}
_FORMER = {
    "ix_sightings_collection_id_at": ["collection_id", "at"],
    "ix_sightings_collection_id_source_id": ["collection_id", "source", "id"],
    "ix_sightings_subject_id_id": ["subject_id", "id"],
}


def upgrade() -> None:
    # Nullable and without a default: processes of the version before go on writing rows.
    op.add_column("sightings", sa.Column("matched_at", _AT, nullable=True))
    sighting = sa.Column("sighting", sa.JSON(none_as_null=True), nullable=True)
    op.add_column("operation_faces", sighting)
    for index, columns in _INDEXES.items():
        op.create_index(index, "sightings", columns)
    for index in _FORMER:
        op.drop_index(index, "sightings")


def downgrade() -> None:
    for index, columns in _FORMER.items():
        op.create_index(index, "sightings", columns)
    for index in _INDEXES:
        op.drop_index(index, "sightings")
    with op.batch_alter_table("operation_faces") as faces:
        faces.drop_column("sighting")
    with op.batch_alter_table("sightings") as sightings:
        sightings.drop_column("matched_at")
