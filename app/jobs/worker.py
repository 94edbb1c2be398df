"""Claim, run, settle: one worker takes one job after the other."""

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import structlog

from app.domain.errors import FacetError
from app.domain.errors.jobs import JobCrashedError, JobTimeoutError
from app.domain.errors.trouble import StorageFullError
from app.domain.jobs import Failure, Job, JobFile, Progress
from app.jobs.messages import Ended, Reported
from app.jobs.orders import OpenHandler, Order
from app.jobs.processes import JobProcess
from app.services.jobs.work import JobTimes, JobWork

_IDLE = 0.5
"""Seconds between two looks at an empty queue."""
_TICK = 0.25
"""Seconds between two looks at whether a running job has been cancelled."""

_log = structlog.get_logger(__name__)


class Worker:
    """Runs jobs in child processes, one at a time, until it is stopped."""

    def __init__(
        self,
        work: JobWork,
        times: JobTimes,
        kinds: Mapping[str, OpenHandler],
        stop: threading.Event,
    ) -> None:
        self._work = work
        self._times = times
        self._kinds = kinds
        self._stop = stop
        self._name = f"{socket.gethostname()}:{os.getpid()}"

    def run(self) -> None:
        """Work until `stop` is set; trouble with the database is waited out."""
        while not self._stop.is_set():
            busy = False
            try:
                busy = self.work_once()
            except FacetError as error:
                _log.warning("job-worker-waits", code=error.slug)
            except Exception:
                _log.exception("job-worker-error")
            if not busy:
                self._stop.wait(_IDLE)

    def work_once(self) -> bool:
        """Whether there was a job."""
        claimed = self._work.claim(list(self._kinds), f"{self._name}:{secrets.token_hex(4)}")
        if claimed is None:
            return False
        job, inputs = claimed
        _log.info("job-started", job=job.id, kind=job.kind, attempt=job.attempts)
        process = JobProcess(self._kinds[job.kind], Order(job.id, job.parameters, inputs))
        try:
            settle = self._watch(job, process)
        finally:
            process.kill()
        if settle is None:
            _log.info("job-left", job=job.id, kind=job.kind)
        elif self._persist(settle):
            _log.info("job-settled", job=job.id, kind=job.kind)
        return True

    def _watch(self, job: Job, process: JobProcess) -> Callable[[], bool] | None:
        """Follow the process to its end; how to settle the job then, None if it is not ours."""
        deadline = time.monotonic() + job.timeout
        reports = _Reports(self._work, self._times.heartbeat, job)
        while True:
            if self._stop.is_set():
                return lambda: self._work.release(job)
            if time.monotonic() >= deadline:
                return lambda: self._work.fail(job, _timed_out(job))
            try:
                message = process.next(_TICK)
            except EOFError:
                failure = _crashed(process.exit_code())
                return lambda: self._work.fail(job, failure)
            if isinstance(message, Ended):
                with suppress(FacetError):
                    reports.write(at_once=True)
                return self._settlement(job, message)
            if message is not None:
                reports.keep(message)
            # A database in trouble says nothing about the job; whoever takes it over will.
            with suppress(FacetError):
                if not reports.write():
                    return None

    def _settlement(self, job: Job, ended: Ended) -> Callable[[], bool]:
        outcome = ended.outcome
        if ended.trace:
            _log.error("job-error", job=job.id, kind=job.kind, trace=ended.trace)
        if isinstance(outcome, Failure):
            return lambda: self._work.fail(job, outcome)

        def keep() -> bool:
            try:
                return self._work.succeed(job, outcome)
            except StorageFullError as error:  # failing makes room: the inputs go
                return self._work.fail(job, Failure(error.slug, error.message, error.hint))

        return keep

    def _persist(self, settle: Callable[[], bool]) -> bool:
        """Settle in spite of passing trouble; given up when others may take the job over."""
        deadline = time.monotonic() + self._times.take_over
        while True:
            try:
                return settle()
            except FacetError as error:
                if time.monotonic() >= deadline:
                    _log.error("job-not-settled", code=error.slug)
                    return False
                time.sleep(_IDLE)


class _Reports:
    """Shows progress no more often than anybody can look, and a heartbeat in between."""

    def __init__(self, work: JobWork, heartbeat: float, job: Job) -> None:
        self._work = work
        self._heartbeat = heartbeat
        self._job = job
        self._progress: Progress | None = None
        self._preview: JobFile | None = None
        self._looked = self._written = time.monotonic()

    def keep(self, message: Reported) -> None:
        """Keep it for the next write; the last counts."""
        self._progress = message.progress
        self._preview = message.preview or self._preview

    def write(self, *, at_once: bool = False) -> bool:
        """Write, or at least look, when it is time. False when the job is no longer ours."""
        now = time.monotonic()
        if now - self._looked < _TICK and not at_once:
            return True
        self._looked = now
        if self._progress is not None:
            ours = self._work.report(self._job, self._progress, self._preview)
            self._progress = self._preview = None
            self._written = now
            return ours
        if now - self._written >= self._heartbeat:
            self._written = now
            return self._work.beat(self._job)
        return self._work.owns(self._job)


def _timed_out(job: Job) -> Failure:
    return Failure(
        JobTimeoutError.slug,
        f"The job took longer than the {job.timeout:g} seconds that it may.",
        hint="Ask for less, or have the operator raise the limit in FACET_JOB_TIMEOUTS.",
        data={"limit": job.timeout},
    )


def _crashed(code: int | None) -> Failure:
    return Failure(
        JobCrashedError.slug,
        f"The process that did the work ended without a word (exit code {code}).",
        hint="Memory may have run out: ask for less.",
    )
