"""Grouping of faces without names, by several methods."""
