"""Where dates stand in a text, and what those of other calendars mean."""
