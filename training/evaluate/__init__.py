"""Measures encoders the way they are used: detect, align, encode, compare."""
