"""Faces found to embeddings, measures and quality."""
