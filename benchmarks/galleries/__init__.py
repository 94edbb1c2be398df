"""Galleries of millions: search, start, erasure, kills."""
