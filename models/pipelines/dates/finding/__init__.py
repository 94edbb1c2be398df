"""Places of a text where a date stands: its parts, how they join, and marks of calendars."""
