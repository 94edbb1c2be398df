"""Faces of a recording's frames as tracks."""
