"""Facet's own wire format: routes, and what they take and give."""
