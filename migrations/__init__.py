"""Alembic's versions of the tables, and which of them is the newest."""

HEAD = "0033"
"""Known without reading the scripts, so that a start with a current schema is one query."""
