"""Figures of encoders at what they are for."""
