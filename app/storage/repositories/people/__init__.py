"""Faces without a name, their groups, and duties towards people, in SQL."""
