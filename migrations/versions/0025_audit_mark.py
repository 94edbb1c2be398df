"""A mark of the audit record's last entry, which the master key makes."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_head", sa.Column("mark", WORD, nullable=True))


def downgrade() -> None:
    op.drop_column("audit_head", "mark")
