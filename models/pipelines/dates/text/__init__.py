"""Texts as the reader sees them: characters, names of months, numerals, forms of dates."""
