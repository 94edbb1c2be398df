"""Objectives that encoders are taught by."""
