"""The first tables."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import BIG_ID, IDS_ONCE, WORD

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _required(type_: sa.types.TypeEngine, *names: str) -> list[sa.Column]:
    return [sa.Column(name, type_, nullable=False) for name in names]


def _optional(type_: sa.types.TypeEngine, *names: str) -> list[sa.Column]:
    return [sa.Column(name, type_, nullable=True) for name in names]


def _reference(table: str, column: str, target: str, **options: str) -> sa.ForeignKeyConstraint:
    target_table = target.partition(".")[0]
    return sa.ForeignKeyConstraint(
        [column], [target], name=f"fk_{table}_{column}_{target_table}", **options
    )


def upgrade() -> None:
    _create_collections()
    _create_subjects()
    _create_faces()
    _create_changes()
    _create_access()


def downgrade() -> None:
    for table in (
        "idempotency_records",
        "api_keys",
        "change_clock",
        "changes",
        "faces",
        "images",
        "subjects",
        "collections",
    ):
        op.drop_table(table)


def _create_collections() -> None:
    op.create_table(
        "collections",
        *_required(WORD, "id", "name", "encoder"),
        *_required(sa.Boolean(), "keep_images"),
        *_required(sa.JSON(), "meta"),
        *_required(INSTANT, "created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_collections"),
        sa.UniqueConstraint("name", name="uq_collections_name"),
    )


def _create_subjects() -> None:
    op.create_table(
        "subjects",
        *_required(WORD, "id", "collection_id", "name"),
        *_optional(WORD, "external_id"),
        *_required(sa.JSON(), "meta"),
        *_required(INSTANT, "created_at", "updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_subjects"),
        sa.UniqueConstraint("collection_id", "name", name="uq_subjects_collection_id_name"),
        sa.UniqueConstraint(
            "collection_id", "external_id", name="uq_subjects_collection_id_external_id"
        ),
        _reference("subjects", "collection_id", "collections.id", ondelete="CASCADE"),
    )
    op.create_index("ix_subjects_collection_id_id", "subjects", ["collection_id", "id"])


def _create_faces() -> None:
    op.create_table(
        "images",
        *_required(WORD, "digest", "media_type"),
        *_required(sa.BigInteger(), "size"),
        sa.PrimaryKeyConstraint("digest", name="pk_images"),
    )
    op.create_table(
        "faces",
        *_required(BIG_ID, "id"),
        *_required(WORD, "collection_id", "subject_id", "encoder"),
        *_required(sa.LargeBinary(), "template"),
        *_required(sa.Double(), "box_x", "box_y", "box_width", "box_height"),
        *_required(sa.JSON(), "landmarks"),
        *_required(sa.Double(), "probability", "yaw", "pitch", "roll", "quality_score"),
        *_required(sa.JSON(), "quality_reasons"),
        *_required(sa.Double(), "sharpness", "brightness"),
        *_optional(WORD, "image_digest"),
        *_required(INSTANT, "created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_faces"),
        _reference("faces", "collection_id", "collections.id", ondelete="CASCADE"),
        _reference("faces", "subject_id", "subjects.id", ondelete="CASCADE"),
        _reference("faces", "image_digest", "images.digest"),
        **IDS_ONCE,
    )
    op.create_index("ix_faces_collection_id_id", "faces", ["collection_id", "id"])
    op.create_index(
        "ix_faces_collection_id_encoder_id", "faces", ["collection_id", "encoder", "id"]
    )
    op.create_index("ix_faces_subject_id_id", "faces", ["subject_id", "id"])
    op.create_index("ix_faces_image_digest", "faces", ["image_digest"])


def _create_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        *_required(WORD, "collection_id", "encoder", "kind"),
        *_optional(sa.BigInteger(), "face_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_changes"),
    )
    op.create_index("ix_changes_collection_id_encoder", "changes", ["collection_id", "encoder"])
    op.create_index("ix_changes_face_id", "changes", ["face_id"])
    clock = op.create_table(
        "change_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *_required(sa.BigInteger(), "seq"),
        sa.PrimaryKeyConstraint("id", name="pk_change_clock"),
        sa.CheckConstraint("id = 1", name="ck_change_clock_single"),
    )
    op.bulk_insert(clock, [{"id": 1, "seq": 0}])


def _create_access() -> None:
    op.create_table(
        "api_keys",
        *_required(WORD, "id", "name", "digest", "scope"),
        *_optional(WORD, "collection_id"),
        *_required(INSTANT, "created_at"),
        *_optional(INSTANT, "expires_at", "last_used_at", "revoked_at"),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        _reference("api_keys", "collection_id", "collections.id", ondelete="CASCADE"),
    )
    op.create_index("ix_api_keys_collection_id", "api_keys", ["collection_id"])
    op.create_table(
        "idempotency_records",
        *_required(WORD, "key_id", "idempotency_key", "fingerprint", "subject_id"),
        *_required(sa.JSON(), "response"),
        *_required(INSTANT, "created_at"),
        sa.PrimaryKeyConstraint("key_id", "idempotency_key", name="pk_idempotency_records"),
        _reference("idempotency_records", "subject_id", "subjects.id", ondelete="CASCADE"),
    )
    op.create_index("ix_idempotency_records_created_at", "idempotency_records", ["created_at"])
    op.create_index("ix_idempotency_records_subject_id", "idempotency_records", ["subject_id"])
