"""A collection that remembers what it sees, day after day."""
