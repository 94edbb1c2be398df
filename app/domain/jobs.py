"""Jobs: work longer than a request, the states it goes through, and who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

JobState = Literal["queued", "running", "succeeded", "failed", "cancelled"]

_NEXT: Mapping[JobState, frozenset[JobState]] = {
    "queued": frozenset({"running", "failed", "cancelled"}),
    "running": frozenset({"queued", "succeeded", "failed", "cancelled"}),
    "succeeded": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
}

MAX_PREVIEW_BYTES = 256 * 1024
MAX_PROGRESS_BYTES = 16 * 1024
"""Of a progress report's data, as JSON."""


def sources(state: JobState) -> frozenset[JobState]:
    """The states from which a job may come into `state`."""
    return frozenset(before for before, after in _NEXT.items() if state in after)


def is_settled(state: JobState) -> bool:
    """Whether the state is one that a job never leaves."""
    return not _NEXT[state]


@dataclass(frozen=True, slots=True)
class JobKind:
    """Facts about every job of a kind before it runs."""

    name: str
    timeout: float
    """Seconds that one attempt may take."""
    attempts: int = 1
    """More than one only where an attempt that died halfway may be repeated."""
    exclusive: bool = False
    """Whether a collection may have one such job at a time only."""
    alone_by: str = ""
    """Parameter by which there may be one such job at a time only; "" where there is none."""


@dataclass(frozen=True, slots=True)
class JobFile:
    """Bytes that belong to a job: an input, its result, a preview."""

    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a job."""

    fraction: float = 0.0
    """In [0, 1]."""
    message: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Figures of the kind's own, such as a loss; plain JSON."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The reason why a job failed, as an error of the service would say it."""

    slug: str
    message: str
    hint: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. Its inputs and its result are kept apart from it."""

    id: str
    kind: str
    key_id: str
    """The API key that asked for it."""
    collection_id: str | None
    """The collection it works on, with which it is erased."""
    parameters: Mapping[str, Any]
    timeout: float
    max_attempts: int
    created_at: datetime
    state: JobState = "queued"
    version: int = 1
    """Grows with everything that can be seen of the job."""
    progress: Progress = Progress()
    attempts: int = 0
    worker: str | None = None
    """Whose it is while it runs."""
    started_at: datetime | None = None
    heartbeat_at: datetime | None = None
    finished_at: datetime | None = None
    expires_at: datetime | None = None
    """When the result is removed."""
    failure: Failure | None = None
    result_media_type: str | None = None
    result_bytes: int | None = None

    @property
    def may_run_again(self) -> bool:
        """Whether an attempt that was lost may be repeated."""
        return self.attempts < self.max_attempts


@dataclass(frozen=True, slots=True)
class Visibility:
    """The jobs that may be seen: one key's, a collection's as well, or all."""

    key_id: str
    collection_id: str | None = None
    everything: bool = False

    def covers(self, job: Job) -> bool:
        """Whether the job may be seen."""
        ours = self.collection_id is not None and job.collection_id == self.collection_id
        return self.everything or ours or job.key_id == self.key_id
