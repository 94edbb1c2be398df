"""Facts that encoded pictures and animations state of themselves, read from their bytes alone.

Nothing here allocates by what a file says, and every walk through a file is bounded.
"""
