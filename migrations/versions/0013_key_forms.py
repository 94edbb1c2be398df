"""Forms of keys; a key without an id in it is found by its digest."""

import sqlalchemy as sa
from alembic import op

from app.storage.dialects.table import WORD

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default: processes of the version before go on writing rows.
    op.add_column("api_keys", sa.Column("form", WORD, nullable=False, server_default="native"))
    op.create_index("ix_api_keys_digest", "api_keys", ["digest"])
    op.create_index("ix_api_keys_previous_digest", "api_keys", ["previous_digest"])


def downgrade() -> None:
    with op.batch_alter_table("api_keys") as keys:
        keys.drop_index("ix_api_keys_digest")
        keys.drop_index("ix_api_keys_previous_digest")
        keys.drop_column("form")
