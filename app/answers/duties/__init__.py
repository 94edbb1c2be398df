"""Answers about duties towards people."""
