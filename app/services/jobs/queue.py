"""Jobs as those see them who ask for work: put in, looked at, cancelled, fetched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.domain.errors.jobs import (
    JobCancelledError,
    JobNotFinishedError,
    JobSettledError,
    JobUnderwayError,
    QueueFullError,
    ResultExpiredError,
    TooManyJobsError,
    UnknownJobError,
)
from app.domain.jobs import Failure, Job, JobFile, JobKind, JobState, Visibility, is_settled
from app.services.gallery.identifiers import new_id
from app.services.keys import Principal
from app.services.ports import Storage, UnitOfWork


@dataclass(frozen=True, slots=True)
class JobLimits:
    """Limits of the work that may be asked for. Waiting and running jobs count alike."""

    queue: int
    per_key: int
    timeouts: Mapping[str, float] = field(default_factory=dict)
    """Seconds by kind, instead of the kind's own."""


@dataclass(frozen=True, slots=True)
class QueueState:
    """The queue as an operator watches it."""

    counts: Mapping[tuple[str, JobState], int]
    """By kind and state."""
    waiting_seconds: float
    """How long the job has waited that waits longest."""


class Jobs:
    """The caller's side of the queue. Another key's job is an unknown one, except to an admin."""

    def __init__(self, storage: Storage, limits: JobLimits) -> None:
        self._storage = storage
        self._limits = limits

    def submit(
        self,
        kind: JobKind,
        caller: Principal,
        *,
        parameters: Mapping[str, Any],
        inputs: Mapping[str, JobFile] | None = None,
        collection_id: str | None = None,
    ) -> Job:
        """Put a job into the queue. `parameters` are plain JSON, `inputs` bytes by name.

        Raises TooManyJobsError, QueueFullError, or JobUnderwayError for a kind of which there may
        be one at a time.
        """
        job = Job(
            id=new_id(),
            kind=kind.name,
            key_id=caller.key_id,
            collection_id=collection_id,
            parameters=parameters,
            timeout=self._limits.timeouts.get(kind.name, kind.timeout),
            max_attempts=kind.attempts,
            created_at=datetime.now(UTC),
        )
        with self._storage.write() as uow:
            if kind.exclusive and collection_id is not None:
                _refuse_second(uow, kind, collection_id)
            if kind.alone_by:
                _refuse_same(uow, kind, parameters)
            self._refuse_too_many(uow, caller)
            uow.jobs.add(job, inputs or {})
            return uow.note_result(job)

    def list(
        self,
        caller: Principal,
        *,
        before: str | None = None,
        limit: int,
        state: JobState | None = None,
        kind: str | None = None,
    ) -> Sequence[Job]:
        """The caller's jobs, an admin's all, newest first."""
        with self._storage.read() as uow:
            return uow.jobs.list(
                visibility(caller), before=before, limit=limit, state=state, kind=kind
            )

    def get(self, caller: Principal, job_id: str) -> Job:
        """Raises UnknownJobError."""
        with self._storage.read() as uow:
            return _visible(uow, caller, job_id)

    def news(self, caller: Principal, job_id: str, *, after: int) -> tuple[Job, JobFile | None]:
        """The job, and its preview if that is newer than the job's version `after`."""
        with self._storage.read() as uow:
            job = _visible(uow, caller, job_id)
            preview = uow.jobs.file(job_id, "preview", after=after) if job.version > after else None
        return job, preview

    def cancel(self, caller: Principal, job_id: str) -> Job:
        """Settle it at once; its worker stops the work when it looks next, in half a second.

        Done twice it changes nothing. Raises UnknownJobError, or JobSettledError when the job
        had come to its end before.
        """
        with self._storage.write() as uow:
            job = _visible(uow, caller, job_id)
            if not uow.jobs.cancel(job_id, datetime.now(UTC)) and job.state != "cancelled":
                raise JobSettledError(
                    f"The job is over: it has {job.state}.",
                    hint="DELETE its result to have that removed before its time.",
                    state=job.state,
                )
            return uow.note_result(uow.jobs.get(job_id))

    def result(self, caller: Principal, job_id: str) -> JobFile | Failure:
        """The result, or why there is none because the job failed.

        Raises UnknownJobError, JobNotFinishedError, JobCancelledError or ResultExpiredError.
        """
        with self._storage.read() as uow:
            job = _visible(uow, caller, job_id)
            result = uow.jobs.file(job_id, "result")
        return result if result is not None else _failure(job)

    def erase_result(self, caller: Principal, job_id: str) -> Job:
        """Remove the result before its time. Raises what `result` raises when there is none."""
        with self._storage.write() as uow:
            _visible(uow, caller, job_id)
            erased = uow.jobs.erase_result(job_id, datetime.now(UTC))
            job = uow.jobs.get(job_id)
            if not erased:
                _failure(job)
            return uow.note_result(job)

    def queue(self) -> QueueState:
        """Count the jobs, and measure how long the oldest has waited."""
        with self._storage.read() as uow:
            counts, oldest = uow.jobs.counts(), uow.jobs.oldest_queued()
        waiting = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
        return QueueState(counts, max(0.0, waiting))

    def _refuse_too_many(self, uow: UnitOfWork, caller: Principal) -> None:
        bound = caller.limits.jobs or self._limits.per_key
        if uow.jobs.count_active(key_id=caller.key_id) >= bound:
            raise TooManyJobsError(
                f"This key has {bound} jobs waiting or running, as many as it may.",
                hint="Wait for one to end, or cancel one.",
                limit=bound,
            )
        if uow.jobs.count_active() >= self._limits.queue:
            raise QueueFullError(
                f"{self._limits.queue} jobs are waiting or running, as many as there may be.",
                hint="Try again after the time in Retry-After.",
                limit=self._limits.queue,
            )


def visibility(caller: Principal) -> Visibility:
    """One's own jobs; an admin's: all, or those of the collection that the key is bound to."""
    admin = caller.may("admin")
    return Visibility(
        caller.key_id,
        collection_id=caller.collection_id if admin else None,
        everything=admin and caller.collection_id is None,
    )


def _failure(job: Job) -> Failure:
    """Tell why the job has no result. Raises what `Jobs.result` raises where it has not failed."""
    if job.failure is not None:
        return job.failure
    if not is_settled(job.state):
        raise JobNotFinishedError(
            f"The job is {job.state}.",
            hint="Follow its events, or ask again.",
            state=job.state,
            fraction=job.progress.fraction,
        )
    if job.state == "cancelled":
        raise JobCancelledError("The job was cancelled.", hint="Ask for the work anew.")
    raise ResultExpiredError(
        "The result is gone: results are kept for a time only.", hint="Ask for the work anew."
    )


def _visible(uow: UnitOfWork, caller: Principal, job_id: str) -> Job:
    job = uow.jobs.get(job_id)
    if not visibility(caller).covers(job):
        raise UnknownJobError(f"There is no job {job_id!r}.", job=job_id)
    return job


def _refuse_second(uow: UnitOfWork, kind: JobKind, collection_id: str) -> None:
    other = uow.jobs.active(kind=kind.name, collection_id=collection_id)
    if other is not None:
        raise JobUnderwayError(
            f"The collection has a {kind.name} job already.",
            hint="Follow it, or cancel it first.",
            job=other.id,
        )


def _refuse_same(uow: UnitOfWork, kind: JobKind, parameters: Mapping[str, Any]) -> None:
    wanted = parameters[kind.alone_by]
    for other in uow.jobs.under_way(kind.name):
        if other.parameters.get(kind.alone_by) == wanted:
            raise JobUnderwayError(
                f"There is a {kind.name} job for {wanted} already.",
                hint="Follow it, or cancel it first.",
                job=other.id,
            )
