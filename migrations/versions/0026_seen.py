"""What was seen and how it was decided; groups of faces without a name as rows of their own."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_GROUPS = """
INSERT INTO sighting_groups (id, collection_id, ignored, fixed, size, first_at, last_at)
SELECT group_id, collection_id, {no}, {no}, count(*), min(at), max(at) FROM sightings
WHERE group_id IS NOT NULL GROUP BY group_id, collection_id
"""
_INDEXES = {
    "ix_sightings_group_id_at": ["group_id", "at"],
    "ix_sightings_collection_id_at": ["collection_id", "at"],
    "ix_sightings_collection_id_source_id": ["collection_id", "source", "id"],
    "ix_sightings_grouped_collection_id_id": ["grouped", "collection_id", "id"],
    "ix_sightings_subject_id_id": ["subject_id", "id"],
}


def upgrade() -> None:
    # Nullable and without defaults: processes of the version before go on writing rows.
    for name in ("decision", "subject_id"):
        op.add_column("sightings", sa.Column(name, WORD, nullable=True))
    for name in ("similarity", "fmr", "quality"):
        op.add_column("sightings", sa.Column(name, sa.Double(), nullable=True))
    op.drop_index("ix_sightings_collection_id_group_id", "sightings")
    for index, columns in _INDEXES.items():
        op.create_index(index, "sightings", columns)
    op.create_table(
        "sighting_groups",
        sa.Column("id", WORD, nullable=False),
        _of_collection(),
        sa.Column("ignored", sa.Boolean(), nullable=False),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sighting_groups"),
        _collections("sighting_groups"),
    )
    op.create_index(
        "ix_sighting_groups_collection_id_ignored_size_id",
        "sighting_groups",
        ["collection_id", "ignored", "size", "id"],
    )
    op.execute(_GROUPS.format(no="false"))
    op.create_table(
        "sighting_days",
        _of_collection(),
        sa.Column("day", WORD, nullable=False),
        *(sa.Column(n, sa.Integer(), nullable=False) for n in ("kept", "over_limit", "lost")),
        sa.PrimaryKeyConstraint("collection_id", "day", name="pk_sighting_days"),
        _collections("sighting_days"),
    )


def _of_collection() -> sa.Column[str]:
    return sa.Column("collection_id", WORD, nullable=False)


def _collections(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["collection_id"],
        ["collections.id"],
        name=f"fk_{table}_collection_id_collections",
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.drop_table("sighting_days")
    op.drop_table("sighting_groups")
    for index in _INDEXES:
        op.drop_index(index, "sightings")
    op.create_index(
        "ix_sightings_collection_id_group_id", "sightings", ["collection_id", "group_id"]
    )
    with op.batch_alter_table("sightings") as sightings:
        for name in ("quality", "fmr", "similarity", "subject_id", "decision"):
            sightings.drop_column(name)
