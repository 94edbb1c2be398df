"""Choice of the pictures of a batch, and of triplets in it."""
