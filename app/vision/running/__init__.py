"""Networks on engines and threads, in batches."""
