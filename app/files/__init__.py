"""What is kept in files: images, and exported collections."""
