"""Jobs as workers see them: claimed, reported on, settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.errors.jobs import WorkerLostError
from app.domain.jobs import Failure, Job, JobFile, Progress
from app.platform.telemetry import JOB_SECONDS
from app.services.ports import Storage


@dataclass(frozen=True, slots=True)
class JobTimes:
    """Times of things around jobs."""

    heartbeat: float
    """Seconds between two signs of life of a worker."""
    take_over: float
    """Seconds without a sign of life after which a worker is given up."""
    retention: timedelta
    """For which results are kept, and for which a job may wait."""
    history: timedelta
    """For which settled jobs are remembered."""


class JobWork:
    """The worker's side of the queue.

    What answers a bool says whether the job was still the worker's own.
    """

    def __init__(self, storage: Storage, times: JobTimes) -> None:
        self._storage = storage
        self._times = times

    def claim(self, kinds: Sequence[str], worker: str) -> tuple[Job, Mapping[str, JobFile]] | None:
        """The job that waits longest, with its inputs; `worker` names this claim alone."""
        with self._storage.read() as uow:
            if not uow.jobs.waiting(kinds):
                return None  # without having made any writer wait
        with self._storage.write() as uow:
            job = uow.jobs.claim(kinds, worker, datetime.now(UTC))
            return None if job is None else (job, uow.jobs.inputs(job.id))

    def owns(self, job: Job) -> bool:
        with self._storage.read() as uow:
            return uow.jobs.owns(job)

    def beat(self, job: Job) -> bool:
        with self._storage.write() as uow:
            return uow.jobs.beat(job, datetime.now(UTC))

    def report(self, job: Job, progress: Progress, preview: JobFile | None) -> bool:
        """Show how far it is; a sign of life as well."""
        with self._storage.write() as uow:
            return uow.jobs.report(job, progress, preview, datetime.now(UTC))

    def succeed(self, job: Job, result: JobFile) -> bool:
        now = datetime.now(UTC)
        with self._storage.write() as uow:
            done = uow.jobs.succeed(job, result, now, now + self._times.retention)
        return _timed(job, "succeeded", now, done)

    def fail(self, job: Job, failure: Failure) -> bool:
        now = datetime.now(UTC)
        with self._storage.write() as uow:
            done = uow.jobs.fail(job, failure, now)
        return _timed(job, "failed", now, done)

    def release(self, job: Job) -> bool:
        """Give it back because the worker stops in good order, which costs it no attempt.

        A kind that must not run twice has begun to, and fails.
        """
        with self._storage.write() as uow:
            if job.max_attempts > 1:
                return uow.jobs.requeue(job, attempts=job.attempts - 1)
            return uow.jobs.fail(job, worker_lost("was stopped"), datetime.now(UTC))


def _timed(job: Job, state: str, now: datetime, done: bool) -> bool:
    if done and job.started_at is not None:
        seconds = (now - job.started_at).total_seconds()
        JOB_SECONDS.labels(job.kind, state).observe(max(0.0, seconds))  # clocks get set back
    return done


def worker_lost(what: str) -> Failure:
    """The failure of a job that may not be repeated."""
    return Failure(
        WorkerLostError.slug,
        f"The worker {what} while it had the job, which may not be run once more.",
        hint="See what was done, and ask for the rest anew.",
    )
