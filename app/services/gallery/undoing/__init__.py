"""Recorded operations, and what it takes to undo those that moved no face between subjects."""
