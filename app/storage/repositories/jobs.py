"""Jobs in SQL. Every change of state is one statement that also says what the state must be."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, true, update

from app.domain.errors.jobs import UnknownJobError
from app.domain.jobs import Failure, Job, JobFile, JobState, Progress, Visibility, sources
from app.storage.repositories.job_files import Role, SqlJobFiles
from app.storage.tables import JobRow

_SCALARS = (
    "id",
    "kind",
    "key_id",
    "collection_id",
    "parameters",
    "timeout",
    "max_attempts",
    "created_at",
    "state",
    "version",
    "attempts",
    "worker",
    "started_at",
    "heartbeat_at",
    "finished_at",
    "expires_at",
    "result_media_type",
    "result_bytes",
)
_COLUMNS = (
    *(getattr(JobRow, name) for name in (*_SCALARS, "fraction", "message", "data", "failure")),
)
_ACTIVE: tuple[JobState, ...] = ("queued", "running")


class SqlJobs:
    """The queue, the jobs under way, and those that are over."""

    def __init__(self, connection: Connection, files: SqlJobFiles) -> None:
        self._connection = connection
        self._files = files

    def add(self, job: Job, inputs: Mapping[str, JobFile]) -> None:
        """Put a new job at the end of the queue, with its inputs by name."""
        values = {name: getattr(job, name) for name in _SCALARS}
        values |= {"parameters": dict(job.parameters), "failure": None, **_progress(job.progress)}
        self._connection.execute(insert(JobRow).values(values))
        for name, file in inputs.items():
            self._files.put(job.id, "input", file, name=name, version=job.version)

    def get(self, job_id: str) -> Job:
        """Raises UnknownJobError."""
        found = self._jobs(JobRow.id == job_id)
        if not found:
            raise UnknownJobError(f"There is no job {job_id!r}.", job=job_id)
        return found[0]

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
        query = select(*_COLUMNS).where(_seen(visible)).order_by(JobRow.id.desc()).limit(limit)
        if before is not None:
            query = query.where(JobRow.id < before)
        if state is not None:
            query = query.where(JobRow.state == state)
        if kind is not None:
            query = query.where(JobRow.kind == kind)
        return [_job(row) for row in self._connection.execute(query)]

    def active(self, *, kind: str, collection_id: str) -> Job | None:
        """A job of the kind that waits or runs for the collection."""
        found = (job for job in self.under_way(kind) if job.collection_id == collection_id)
        return next(found, None)

    def under_way(self, kind: str) -> Sequence[Job]:
        """Jobs of the kind that wait or run."""
        return self._jobs(JobRow.kind == kind, JobRow.state.in_(_ACTIVE))

    def count_active(self, *, key_id: str | None = None) -> int:
        """Jobs that wait or run, of one key or of all."""
        query = select(func.count()).where(JobRow.state.in_(_ACTIVE))
        if key_id is not None:
            query = query.where(JobRow.key_id == key_id)
        return self._connection.execute(query).scalar_one()

    def counts(self) -> Mapping[tuple[str, JobState], int]:
        """Jobs per kind and state."""
        query = select(JobRow.kind, JobRow.state, func.count()).group_by(JobRow.kind, JobRow.state)
        return {
            (kind, cast(JobState, state)): count
            for kind, state, count in self._connection.execute(query)
        }

    def oldest_queued(self) -> datetime | None:
        """Time at which the job that waits longest was asked for."""
        query = select(func.min(JobRow.created_at)).where(JobRow.state == "queued")
        return self._connection.execute(query).scalar()

    def waiting(self, kinds: Sequence[str]) -> bool:
        """Whether `claim` would find something."""
        return self._connection.execute(_next_queued(kinds)).first() is not None

    def claim(self, kinds: Sequence[str], worker: str, at: datetime) -> Job | None:
        """Give the job that waits longest to the worker; no two workers get the same one."""
        # PostgreSQL passes over rows that another claim has locked; SQLite has one writer.
        chosen = _next_queued(kinds).with_for_update(skip_locked=True).scalar_subquery()
        row = self._connection.execute(
            update(JobRow)
            .where(JobRow.id == chosen, JobRow.state == "queued")
            .values(
                state="running",
                worker=worker,
                attempts=JobRow.attempts + 1,
                version=JobRow.version + 1,
                started_at=at,
                heartbeat_at=at,
                **_progress(Progress()),
            )
            .returning(*_COLUMNS)
        ).one_or_none()
        return None if row is None else _job(row)

    def owns(self, job: Job) -> bool:
        """Whether the job still runs, in the attempt that `job` was claimed for."""
        query = select(JobRow.id).where(_held(job))
        return self._connection.execute(query).first() is not None

    def beat(self, job: Job, at: datetime) -> bool:
        """Say that the worker lives. False when the job is no longer its own."""
        return self._change(_held(job), heartbeat_at=at)

    def report(self, job: Job, progress: Progress, preview: JobFile | None, at: datetime) -> bool:
        """Show how far the job is. False when it is no longer the worker's own."""
        done = self._change(
            _held(job), heartbeat_at=at, version=JobRow.version + 1, **_progress(progress)
        )
        if done and preview is not None:
            version = self.get(job.id).version
            self._files.put(job.id, "preview", preview, version=version)
        return done

    def succeed(self, job: Job, result: JobFile, at: datetime, expires_at: datetime) -> bool:
        """Settle the job with its result. False when it is no longer the worker's own."""
        done = self._settle(
            _held(job),
            "succeeded",
            at,
            fraction=1.0,
            expires_at=expires_at,
            result_media_type=result.media_type,
            result_bytes=len(result.content),
        )
        if done:
            self._files.remove(job.id)
            self._files.put(job.id, "result", result, version=self.get(job.id).version)
        return done

    def fail(self, job: Job, failure: Failure, at: datetime) -> bool:
        """Settle the job without a result. False when it has moved on since `job` was read."""
        done = self._settle(_as_read(job), "failed", at, failure=asdict(failure))
        if done:
            self._files.remove(job.id)
        return done

    def cancel(self, job_id: str, at: datetime) -> bool:
        """Settle the job, waiting or running. False when it was settled before."""
        done = self._settle(JobRow.id == job_id, "cancelled", at)
        if done:
            self._files.remove(job_id)
        return done

    def requeue(self, job: Job, *, attempts: int) -> bool:
        """Put a running job back. False when it has moved on since `job` was read."""
        return self._change(
            _as_read(job) & JobRow.state.in_(sources("queued")),
            state="queued",
            worker=None,
            attempts=attempts,
            heartbeat_at=None,
            version=JobRow.version + 1,
        )

    def running(self) -> Sequence[Job]:
        """Jobs that some worker has, or had."""
        return self._jobs(JobRow.state == "running")

    def queued_before(self, at: datetime) -> Sequence[Job]:
        """Jobs that have waited since before that time."""
        return self._jobs(JobRow.state == "queued", JobRow.created_at < at)

    def bytes_removed_between(self, start: datetime, end: datetime) -> bool:
        """Whether a job was settled, or a result expired or was erased, in that time."""
        query = select(JobRow.id).where(
            JobRow.finished_at.between(start, end) | JobRow.expires_at.between(start, end)
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def removable(self, expired_by: datetime, settled_before: datetime) -> bool:
        """Whether `expire` or `remove_settled_before` would find something."""
        return self._files.any_removable(expired_by, settled_before)

    def expire(self, at: datetime) -> int:
        """Remove results whose time is over by `at`; how many there were."""
        return self._files.remove_results_expired_by(at)

    def file(self, job_id: str, role: Role, *, after: int = 0) -> JobFile | None:
        """The file, if it was written at a later version of the job than `after`."""
        return self._files.get(job_id, role, after=after)

    def inputs(self, job_id: str) -> Mapping[str, JobFile]:
        """Inputs by name; none once the job is settled."""
        return self._files.of_role(job_id, "input")

    def erase_result(self, job_id: str, at: datetime) -> bool:
        """Remove the result before its time. False when there was none."""
        done = self._files.remove(job_id, "result") > 0
        if done:
            self._change(JobRow.id == job_id, expires_at=at, version=JobRow.version + 1)
        return done

    def remove_settled_before(self, at: datetime) -> int:
        """Forget jobs that were settled before that time; how many there were."""
        return self._files.remove_jobs_settled_before(at)

    def _jobs(self, *conditions: ColumnElement[bool]) -> Sequence[Job]:
        query = select(*_COLUMNS).where(*conditions).order_by(JobRow.id)
        return [_job(row) for row in self._connection.execute(query)]

    def _settle(
        self, where: ColumnElement[bool], state: JobState, at: datetime, **values: Any
    ) -> bool:
        return self._change(
            where & JobRow.state.in_(sources(state)),
            state=state,
            finished_at=at,
            worker=None,
            version=JobRow.version + 1,
            **values,
        )

    def _change(self, where: ColumnElement[bool], **values: Any) -> bool:
        return self._connection.execute(update(JobRow).where(where).values(values)).rowcount > 0


def _next_queued(kinds: Sequence[str]) -> Any:
    return (
        select(JobRow.id)
        .where(JobRow.state == "queued", JobRow.kind.in_(kinds))
        .order_by(JobRow.id)
        .limit(1)
    )


def _held(job: Job) -> ColumnElement[bool]:
    """The attempt is still the one that the worker claimed: its fence against take-overs."""
    return (JobRow.state == "running") & _as_read(job)


def _as_read(job: Job) -> ColumnElement[bool]:
    worker = JobRow.worker.is_(None) if job.worker is None else JobRow.worker == job.worker
    return (JobRow.id == job.id) & (JobRow.attempts == job.attempts) & worker


def _seen(visible: Visibility) -> ColumnElement[bool]:
    if visible.everything:
        return true()
    own = JobRow.key_id == visible.key_id
    if visible.collection_id is None:
        return own
    return or_(own, JobRow.collection_id == visible.collection_id)


def _progress(progress: Progress) -> dict[str, Any]:
    return {
        "fraction": progress.fraction,
        "message": progress.message,
        "data": dict(progress.data),
    }


def _job(row: Row[Any]) -> Job:
    return Job(
        **{name: getattr(row, name) for name in _SCALARS},
        progress=Progress(row.fraction, row.message, row.data),
        failure=None if row.failure is None else Failure(**row.failure),
    )
