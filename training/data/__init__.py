"""Pictures of known people, turned into aligned chips once and split by identity."""
