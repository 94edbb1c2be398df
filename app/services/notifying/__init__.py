"""Telling others what has happened: kept events, and webhooks."""
