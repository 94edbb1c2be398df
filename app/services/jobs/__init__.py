"""Long work: queued, done by workers, kept up."""
