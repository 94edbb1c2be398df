"""Rows of what clients of other systems say and Facet itself does not know."""
