"""Training of networks that read dates."""
