"""From pictures and recordings to enrolled faces."""
