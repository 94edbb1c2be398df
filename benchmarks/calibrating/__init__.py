"""Curves of galleries, measured on people of one kind."""
