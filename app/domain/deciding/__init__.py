"""Thresholds, verdicts, and how much of a verdict an answer may disclose."""
