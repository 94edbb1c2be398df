"""Faces of pictures and recordings, measured and encoded."""
