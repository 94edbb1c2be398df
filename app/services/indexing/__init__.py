"""Indexes kept level with the database."""
