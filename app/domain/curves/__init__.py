"""Threshold curves of galleries."""
