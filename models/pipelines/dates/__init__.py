"""Dates in texts: where they stand, and what those of other calendars mean."""
