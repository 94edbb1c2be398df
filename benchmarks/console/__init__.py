"""The console over a large gallery, in a browser."""
