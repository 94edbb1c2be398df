"""Training of networks that tell how faces wear masks."""
