"""Commands that look at pictures and recordings."""
