"""Networks that end in an embedding of a face."""
