"""Composed scenes with faces whose places are known."""
