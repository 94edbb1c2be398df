"""The protocol of what jobs need from storage."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from app.domain.jobs import Failure, Job, JobFile, JobState, Progress, Visibility


class JobRepository(Protocol):
    """The queue, the jobs under way, and those that are over.

    What changes a running job takes the job as it was claimed, and answers False when the job
    has been cancelled, settled or given to another worker since.
    """

    def add(self, job: Job, inputs: Mapping[str, JobFile]) -> None: ...

    def get(self, job_id: str) -> Job:
        """Raises UnknownJobError."""

    def list(
        self,
        visible: Visibility,
        *,
        before: str | None,
        limit: int,
        state: JobState | None = None,
        kind: str | None = None,
    ) -> Sequence[Job]:
        """Newest first, those whose id comes before `before`."""

    def active(self, *, kind: str, collection_id: str) -> Job | None:
        """A job of the kind that waits or runs for the collection."""

    def under_way(self, kind: str) -> Sequence[Job]:
        """Jobs of the kind that wait or run."""

    def count_active(self, *, key_id: str | None = None) -> int: ...

    def counts(self) -> Mapping[tuple[str, JobState], int]:
        """Jobs per kind and state."""

    def oldest_queued(self) -> datetime | None: ...

    def waiting(self, kinds: Sequence[str]) -> bool:
        """Whether `claim` would find something."""

    def claim(self, kinds: Sequence[str], worker: str, at: datetime) -> Job | None:
        """Give the job that waits longest to the worker; no two workers get the same one."""

    def owns(self, job: Job) -> bool: ...

    def beat(self, job: Job, at: datetime) -> bool: ...

    def report(
        self, job: Job, progress: Progress, preview: JobFile | None, at: datetime
    ) -> bool: ...

    def succeed(self, job: Job, result: JobFile, at: datetime, expires_at: datetime) -> bool:
        """Settle with the result; inputs and preview go."""

    def fail(self, job: Job, failure: Failure, at: datetime) -> bool:
        """Settle, waiting or running, as `job` was read; all files go."""

    def cancel(self, job_id: str, at: datetime) -> bool:
        """Settle, waiting or running; all files go. False when it was settled before."""

    def requeue(self, job: Job, *, attempts: int) -> bool:
        """Put it back, with that many attempts on its account."""

    def running(self) -> Sequence[Job]:
        """Jobs that some worker has, or had."""

    def queued_before(self, at: datetime) -> Sequence[Job]: ...

    def bytes_removed_between(self, start: datetime, end: datetime) -> bool:
        """Whether a job was settled, or a result expired or was erased, in that time."""

    def removable(self, expired_by: datetime, settled_before: datetime) -> bool:
        """Whether `expire` or `remove_settled_before` would find something."""

    def file(
        self, job_id: str, role: Literal["preview", "result"], *, after: int = 0
    ) -> JobFile | None:
        """The file, if it was written at a later version of the job than `after`."""

    def inputs(self, job_id: str) -> Mapping[str, JobFile]: ...

    def erase_result(self, job_id: str, at: datetime) -> bool:
        """False when there was none."""

    def expire(self, at: datetime) -> int:
        """Remove results whose time is over; how many there were."""

    def remove_settled_before(self, at: datetime) -> int:
        """Forget old jobs altogether; how many there were."""
