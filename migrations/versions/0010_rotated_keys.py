"""The secret that a rotated key had before, and from where keys were used last."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_COLUMNS = {
    "previous_digest": WORD,
    "previous_until": sa.DateTime(timezone=True),
    "last_used_from": WORD,
}


def upgrade() -> None:
    # Nullable and without a default: processes of the version before go on writing rows.
    for name, kind in _COLUMNS.items():
        op.add_column("api_keys", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("api_keys") as keys:
        for name in _COLUMNS:
            keys.drop_column(name)
