"""The index that lives in PostgreSQL."""
