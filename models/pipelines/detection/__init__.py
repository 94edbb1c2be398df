"""From pixels to boxes and landmarks."""
