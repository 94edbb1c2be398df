"""The client for programs that wait for several things at once."""
