"""Templates as they stand in rows."""
