"""Answers about the upkeep of a gallery."""
