"""The audit record: entries of who did what, and the chain that they are in."""
