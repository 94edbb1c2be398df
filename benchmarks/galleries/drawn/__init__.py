"""Embeddings drawn by the million, with the statistics of an encoder's own."""
