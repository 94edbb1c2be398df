"""The master key: where it is kept, and what it seals."""
