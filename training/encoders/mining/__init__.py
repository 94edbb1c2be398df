"""Which pictures make up a batch, and which triplets in it."""
