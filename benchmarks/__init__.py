"""Measurements of Facet beside its peers, made in one run on one machine."""
