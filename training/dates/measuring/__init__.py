"""Figures of readers of dates."""
