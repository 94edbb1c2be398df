"""Steps of an erasure."""
