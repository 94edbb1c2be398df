"""What encoded pictures and animations say of themselves, read from their bytes alone.

Nothing here allocates by what a file says, and every walk through a file is bounded.
"""
