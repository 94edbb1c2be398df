"""Snapshots of an index on disk."""

from dataclasses import dataclass
from pathlib import Path

from app.domain.gallery import Partition


@dataclass(frozen=True, slots=True)
class SavedPartition:
    """A snapshot of one partition, or a directory that is none."""

    path: Path
    process: str
    """The number of the process that it belongs to, and whether that is running."""
    running: bool
    partition: Partition | None
    problem: str | None
    watermark: int = 0
    rows: int = 0
    lists: int = 0
    nbytes: int = 0
