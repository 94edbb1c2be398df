"""Tracks: one template from the frames of one face."""
