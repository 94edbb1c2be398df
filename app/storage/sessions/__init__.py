"""Browsers that are signed in: their table, and what reads and writes it."""
