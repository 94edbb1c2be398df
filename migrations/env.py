"""Runs the versions on the connection, and in the transaction, of `app.storage.schema`."""

from alembic import context

from app.storage.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # it cannot alter most things in place
    transactional_ddl=True,
)
context.run_migrations()
