"""Upkeep of the queue: jobs of workers that died, and what was kept long enough.

Machines' clocks get set, forwards and backwards. So a worker's silence is measured by this
process's own monotonic clock, and nothing is removed by a time of day that has just jumped.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from app.domain.errors.jobs import JobNotStartedError
from app.domain.jobs import Failure, Job
from app.platform.time_of_day import TimeOfDay
from app.services.jobs.work import JobTimes, worker_lost
from app.services.ports import Storage

_EPOCH = datetime.fromtimestamp(0, UTC)


class JobUpkeep:
    """Takes jobs from workers that died, and removes what was kept long enough."""

    def __init__(self, storage: Storage, times: JobTimes) -> None:
        self._storage = storage
        self._times = times
        self._silence = _Silence(times.take_over)
        self._clock = TimeOfDay(datetime.now(UTC))
        self._looked = _EPOCH

    def run(self) -> None:
        """One round. Any number of processes may do it at the same time."""
        now = datetime.now(UTC)
        self._take_over(now)
        if self._clock.is_settled(now):
            self._give_up_waiting(now)
            self._expire(now)
        self._forget_bytes(now)

    def _take_over(self, now: datetime) -> None:
        with self._storage.read() as uow:
            silent = self._silence.listen(uow.jobs.running())
        if not silent:
            return
        with self._storage.write() as uow:
            for job in self._silence.still(silent, uow.jobs.running()):
                if job.may_run_again:
                    uow.jobs.requeue(job, attempts=job.attempts)
                else:
                    uow.jobs.fail(job, worker_lost("died"), now)

    def _give_up_waiting(self, now: datetime) -> None:
        before = now - self._times.retention
        with self._storage.read() as uow:
            if not uow.jobs.queued_before(before):
                return
        with self._storage.write() as uow:
            for job in uow.jobs.queued_before(before):
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
        since = self._looked if self._looked <= now else _EPOCH
        with self._storage.read() as uow:
            removed = uow.jobs.bytes_removed_between(since, now)
        if removed and self._storage.checkpoint() is not False:
            self._looked = now


class _Silence:
    """Times for which running jobs' workers have given no new sign of life, seen from here."""

    def __init__(self, take_over: float) -> None:
        self._take_over = take_over
        self._silent: dict[tuple[str, int, datetime | None], float] = {}
        """Seconds by sign of life."""
        self._listened = time.monotonic()

    def listen(self, running: Sequence[Job]) -> Sequence[Job]:
        """Return the jobs that have been silent for too long."""
        now = time.monotonic()
        # A database that was away made everybody silent, and nobody could listen either.
        passed = min(now - self._listened, self._take_over / 2)
        self._listened = now
        before = self._silent
        self._silent = {
            sign: before[sign] + passed if sign in before else 0.0 for sign in map(_sign, running)
        }
        return [job for job in running if self._silent[_sign(job)] >= self._take_over]

    def still(self, silent: Sequence[Job], running: Sequence[Job]) -> Sequence[Job]:
        """Return the jobs still silent."""
        signs = set(map(_sign, silent))
        return [job for job in running if _sign(job) in signs]


def _sign(job: Job) -> tuple[str, int, datetime | None]:
    return job.id, job.attempts, job.heartbeat_at


def _not_started() -> Failure:
    return Failure(
        JobNotStartedError.slug,
        "No worker took the job in time.",
        hint="Set FACET_JOB_WORKERS or run `facet worker`, then ask anew.",
    )
