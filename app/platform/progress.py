"""Reports of how far some work is, for whoever shows it."""

from collections.abc import Callable

Report = Callable[[int, int], None]
"""Called with how much is done, and how much there is: pages, rows, faces, frames, …"""
StageReport = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""
