"""The index of its own: clustered shards on disk that grow while they are searched."""
