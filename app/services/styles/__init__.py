"""Styles, and pictures painted in them."""
