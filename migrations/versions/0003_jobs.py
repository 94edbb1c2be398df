"""Jobs, and the bytes that belong to them."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _required(type_: sa.types.TypeEngine, *names: str) -> list[sa.Column]:
    return [sa.Column(name, type_, nullable=False) for name in names]


def _optional(type_: sa.types.TypeEngine, *names: str) -> list[sa.Column]:
    return [sa.Column(name, type_, nullable=True) for name in names]


def upgrade() -> None:
    op.create_table(
        "jobs",
        *_required(WORD, "id", "kind", "key_id"),
        *_optional(WORD, "collection_id"),
        *_required(sa.JSON(), "parameters"),
        *_required(sa.Double(), "timeout"),
        *_required(sa.Integer(), "max_attempts"),
        *_required(INSTANT, "created_at"),
        *_required(WORD, "state"),
        *_required(sa.Integer(), "version"),
        *_required(sa.Double(), "fraction"),
        *_required(WORD, "message"),
        *_required(sa.JSON(), "data"),
        *_required(sa.Integer(), "attempts"),
        *_optional(WORD, "worker"),
        *_optional(INSTANT, "started_at", "heartbeat_at", "finished_at", "expires_at"),
        *_optional(sa.JSON(), "failure"),
        *_optional(WORD, "result_media_type"),
        *_optional(sa.BigInteger(), "result_bytes"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name="fk_jobs_collection_id_collections",
            ondelete="CASCADE",
        ),
    )
    for columns in (["state", "id"], ["key_id", "id"], ["collection_id", "id"], ["finished_at"]):
        op.create_index(f"ix_jobs_{'_'.join(columns)}", "jobs", columns)
    op.create_table(
        "job_files",
        *_required(WORD, "job_id", "role", "name", "media_type"),
        *_required(sa.LargeBinary(), "content"),
        *_required(sa.Integer(), "version"),
        sa.PrimaryKeyConstraint("job_id", "role", "name", name="pk_job_files"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_job_files_job_id_jobs", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("job_files")
    op.drop_table("jobs")
