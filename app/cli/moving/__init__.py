"""Commands that move whole galleries."""
