"""Labels, tags, signatures and sealed secrets, for clients of other systems."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import BIG_ID, WORD

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "face_labels",
        sa.Column("face_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("external_id", WORD, nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("associated", sa.Boolean(), nullable=False),
        _belongs("face_labels", "face_id", "faces"),
        sa.PrimaryKeyConstraint("face_id", name="pk_face_labels"),
    )
    op.create_table(
        "unnamed_subjects",
        sa.Column("subject_id", WORD, nullable=False),
        _belongs("unnamed_subjects", "subject_id", "subjects"),
        sa.PrimaryKeyConstraint("subject_id", name="pk_unnamed_subjects"),
    )
    op.create_table(
        "collection_tags",
        sa.Column("collection_id", WORD, nullable=False),
        sa.Column("key", WORD, nullable=False),
        sa.Column("value", WORD, nullable=False),
        _belongs("collection_tags", "collection_id", "collections"),
        sa.PrimaryKeyConstraint("collection_id", "key", name="pk_collection_tags"),
    )
    _create_signatures()


def _create_signatures() -> None:
    op.create_table(
        "seen_signatures",
        sa.Column("signature", WORD, nullable=False),
        sa.Column("attempt", WORD, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("signature", "attempt", name="pk_seen_signatures"),
    )
    op.create_index("ix_seen_signatures_seen_at", "seen_signatures", ["seen_at"])
    op.create_table(
        "key_secrets",
        sa.Column("key_id", WORD, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=True),
        _belongs("key_secrets", "key_id", "api_keys"),
        sa.PrimaryKeyConstraint("key_id", name="pk_key_secrets"),
    )


def downgrade() -> None:
    for table in (
        "key_secrets",
        "seen_signatures",
        "collection_tags",
        "unnamed_subjects",
        "face_labels",
    ):
        op.drop_table(table)


def _belongs(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")
