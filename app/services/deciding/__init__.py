"""Decisions about faces: verification, recognition, recordings, and what answers disclose."""
