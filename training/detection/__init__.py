"""Teach the single-pass detector on composed scenes, and measure detectors."""
