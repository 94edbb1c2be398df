"""Style transfer, and pictures made by rule."""
