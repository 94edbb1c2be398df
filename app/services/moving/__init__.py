"""Galleries as a whole: exports, imports, backups, other encoders."""
