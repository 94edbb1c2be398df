"""Versions of the service beside each other."""
