"""From faces found to embeddings, measures and quality."""
