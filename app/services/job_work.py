"""Jobs as workers see them: claimed, reported on, settled, and cleared away when all is over."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.errors import DatabaseLockedError, JobNotStartedError, WorkerLostError
from app.domain.jobs import Failure, Job, JobFile, Progress
from app.services.ports import Storage
from app.telemetry import JOB_SECONDS


@dataclass(frozen=True, slots=True)
class JobTimes:
    """How long things around jobs may take."""

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
            return uow.jobs.fail(job, _worker_lost("was stopped"), datetime.now(UTC))


class JobUpkeep:
    """Takes jobs from workers that died, and removes what was kept long enough."""

    def __init__(self, storage: Storage, times: JobTimes) -> None:
        self._storage = storage
        self._times = times
        self._looked = datetime.fromtimestamp(0, UTC)

    def run(self) -> None:
        """One round. Any number of processes may do it at the same time."""
        now = datetime.now(UTC)
        self._take_over(now)
        self._expire(now)
        self._forget_bytes(now)

    def _take_over(self, now: datetime) -> None:
        unheard = now - timedelta(seconds=self._times.take_over)
        waiting = now - self._times.retention
        with self._storage.read() as uow:
            if not (uow.jobs.lost(unheard) or uow.jobs.queued_before(waiting)):
                return
        with self._storage.write() as uow:
            for job in uow.jobs.lost(unheard):
                if job.may_run_again:
                    uow.jobs.requeue(job, attempts=job.attempts)
                else:
                    uow.jobs.fail(job, _worker_lost("died"), now)
            for job in uow.jobs.queued_before(waiting):
                uow.jobs.fail(job, _not_started(), now)

    def _expire(self, now: datetime) -> None:
        forgotten = now - self._times.history
        with self._storage.read() as uow:
            if not uow.jobs.removable(now, forgotten):
                return
        with self._storage.write() as uow:
            uow.jobs.expire(now)
            uow.jobs.remove_settled_before(forgotten)

    def _forget_bytes(self, now: datetime) -> None:
        """Inputs and results that were removed may still be in the database's log."""
        with self._storage.read() as uow:
            removed = uow.jobs.bytes_removed_between(self._looked, now)
        if removed:
            with suppress(DatabaseLockedError):
                self._storage.checkpoint()
                self._looked = now


def _timed(job: Job, state: str, now: datetime, done: bool) -> bool:
    if done and job.started_at is not None:
        JOB_SECONDS.labels(job.kind, state).observe((now - job.started_at).total_seconds())
    return done


def _worker_lost(what: str) -> Failure:
    return Failure(
        WorkerLostError.slug,
        f"The worker {what} while it had the job, which may not be run once more.",
        hint="See what was done, and ask for the rest anew.",
    )


def _not_started() -> Failure:
    return Failure(
        JobNotStartedError.slug,
        "No worker took the job in time.",
        hint="Set FACET_JOB_WORKERS or run `facet worker`, then ask anew.",
    )
