"""Duties towards people, in SQL."""
