"""Which picture a face was enrolled from, so that the same one is not imported twice."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nullable and without a default: processes of the version before go on writing rows.
    op.add_column("faces", sa.Column("source_digest", WORD, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("faces") as faces:
        faces.drop_column("source_digest")
