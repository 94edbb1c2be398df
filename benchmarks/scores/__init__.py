"""Other scores than a plain cosine: what they would gain."""
