"""Files that are kept: images, and exported collections."""
