"""Routes of duties towards people."""
