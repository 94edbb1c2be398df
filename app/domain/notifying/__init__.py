"""Events, which tell others what has happened, and who is told."""
