"""Protocols of what the upkeep of galleries needs."""
