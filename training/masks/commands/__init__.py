"""`python -m training masks`."""
