"""Files of tests in memory where there is space: a slow disk costs a run minutes.

Durability is not lost by it: tests kill processes, none cuts the power.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # noqa: S108 (what is made there gets names of its own)
NEEDED = 6e9
"""Bytes that have to be free: a whole run leaves two gigabytes."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    # Processes of tests inherit the choice, and so do servers that they start.
    if "TMPDIR" not in os.environ and _has_space(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _has_space(directory: Path) -> bool:
    return os.access(directory, os.W_OK) and shutil.disk_usage(directory).free > NEEDED
