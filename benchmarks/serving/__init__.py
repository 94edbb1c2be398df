"""A server under load, and beside other servers."""
