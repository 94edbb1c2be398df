"""An engine, as those see it who choose one and open it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Opening:
    """Values that engines are opened with; each takes what it needs."""

    url: str
    """Of an engine that stands elsewhere."""
    directory: Path
    """For what an engine saves on this machine."""
    exact_limit: int
    """Vectors up to which a partition is compared one by one."""
    sampling: float
    """Share of the searches that are checked against an exact one."""
    likeness: Callable[[str, int], float | None]
    """By encoder and number of faces: how alike a match has to be; None where that is unknown."""
    reader: Any
    """SQLAlchemy's engine of the service's database, for snapshots."""
    writer: Any
    guard: Callable[[], AbstractContextManager[None]]
    """Turns errors of the database into the service's."""


def _not_shared(_: str) -> None:
    return None


def _many_processes(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Engine:
    """One way to hold an index. Made without importing what it needs."""

    name: str
    """The value of FACET_INDEX."""
    summary: str
    open: Callable[[Opening], Any]
    """Makes the index. Raises IndexUnavailableError when it cannot be had."""
    extra: str = ""
    """Of the package, that has to be installed for it."""
    database: str = ""
    """The kind of database that it lives in, by SQLAlchemy's name; empty is none. Such an index
    has a method `within` that gives its part in an open transaction."""
    url: str = ""
    """An example of the URL that selects it, in FACET_INDEX_URL; empty where it has none."""
    schemes: tuple[str, ...] = ()
    """With which such a URL begins."""
    shared_name: Callable[[str], str | None] = _not_shared
    """By URL: what all processes that share the index call it; None for one of each process."""
    one_process: Callable[[str], bool] = _many_processes
    """By URL: whether one process at a time may have it open."""
    saves: bool = False
    """Whether it builds and saves beside the requests."""

    @property
    def is_shared(self) -> bool:
        """Whether processes share what it holds, so that it can be filled before it serves."""
        return self.shared_name(self.url) is not None
