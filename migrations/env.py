"""Runs the versions on the connection, and in the transaction, of `app.storage.schema`."""

from alembic import context

from app.storage.dialects.table import dialect_of
from app.storage.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=dialect_of(connection.dialect).rebuilds_tables,
    transactional_ddl=True,
)
context.run_migrations()
