"""Finding faces: pixels to boxes and landmarks."""
