"""Protocols of events, and of telling others of them."""
