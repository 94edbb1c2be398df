"""Routes of the upkeep of a gallery."""
