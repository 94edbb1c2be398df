"""Training of encoders, and of the router between two."""
