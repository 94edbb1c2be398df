"""Commands about collections, subjects and faces."""
