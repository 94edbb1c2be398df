"""The audit record: who did what, written before the answer is given."""
