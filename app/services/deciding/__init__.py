"""Who somebody is, and whether it is said: verification, recognition, recordings."""
