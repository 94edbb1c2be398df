"""People without a name: what was seen of them, and their groups."""
