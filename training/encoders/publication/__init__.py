"""Publish a run as an encoder of the registry."""
