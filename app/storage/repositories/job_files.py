"""The bytes that belong to jobs, in SQL: they come and go in the transactions of their jobs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Delete, delete, insert, select

from app.domain.jobs import JobFile
from app.domain.protection import Seal
from app.storage.repositories.changes import SqlChangeLog
from app.storage.tables import JobFileRow, JobRow

Role = Literal["input", "preview", "result"]


class SqlJobFiles:
    """Files by job, role and name."""

    def __init__(
        self, connection: Connection, changes: SqlChangeLog, seal: Seal | None = None
    ) -> None:
        """Take a seal, by which contents are sealed; those of before are read as they are."""
        self._seal = seal
        self._changes = changes
        self._connection = connection

    def put(self, job_id: str, role: Role, file: JobFile, *, name: str = "", version: int) -> None:
        """Add or replace. Inputs have names; previews and results are one of a kind."""
        self._connection.execute(
            delete(JobFileRow).where(
                JobFileRow.job_id == job_id, JobFileRow.role == role, JobFileRow.name == name
            )
        )
        self._connection.execute(
            insert(JobFileRow).values(
                job_id=job_id,
                role=role,
                name=name,
                media_type=file.media_type,
                content=self._sealed(file.content, job_id, role, name),
                version=version,
            )
        )

    def get(self, job_id: str, role: Role, *, after: int = 0) -> JobFile | None:
        """The file, if it was written at a later version of the job than `after`."""
        row = self._connection.execute(
            select(JobFileRow.media_type, JobFileRow.content, JobFileRow.name).where(
                JobFileRow.job_id == job_id,
                JobFileRow.role == role,
                JobFileRow.version > after,
            )
        ).one_or_none()
        if row is None:
            return None
        return JobFile(row.media_type, self._opened(row.content, job_id, role, row.name))

    def of_role(self, job_id: str, role: Role) -> Mapping[str, JobFile]:
        """Files of the role, by name."""
        rows = self._connection.execute(
            select(JobFileRow.name, JobFileRow.media_type, JobFileRow.content).where(
                JobFileRow.job_id == job_id, JobFileRow.role == role
            )
        )
        return {
            row.name: JobFile(row.media_type, self._opened(row.content, job_id, role, row.name))
            for row in rows
        }

    def remove(self, job_id: str, role: Role | None = None) -> int:
        """A job's files, of one role or all; how many there were."""
        query = delete(JobFileRow).where(JobFileRow.job_id == job_id)
        if role is not None:
            query = query.where(JobFileRow.role == role)
        return self._removed(query)

    def any_removable(self, expired_by: datetime, settled_before: datetime) -> bool:
        """Whether the two removals below would find something."""
        expired = select(JobFileRow.job_id).where(_expired_results(expired_by))
        settled = select(JobRow.id).where(JobRow.finished_at < settled_before)
        return any(
            self._connection.execute(query.limit(1)).first() is not None
            for query in (expired, settled)
        )

    def remove_results_expired_by(self, at: datetime) -> int:
        """Returns the number of results that there were."""
        return self._removed(delete(JobFileRow).where(_expired_results(at)))

    def remove_jobs_settled_before(self, at: datetime) -> int:
        """Whole jobs, with what is left of their files; how many there were."""
        return self._removed(delete(JobRow).where(JobRow.finished_at < at))

    def _sealed(self, content: bytes, job_id: str, role: str, name: str) -> bytes:
        if self._seal is None:
            return content
        return self._seal.seal(content, _context(job_id, role, name))

    def _opened(self, content: bytes, job_id: str, role: str, name: str) -> bytes:
        if self._seal is None or not self._seal.is_sealed(content):
            return content
        return self._seal.open(content, _context(job_id, role, name))

    def _removed(self, query: Delete) -> int:
        """Run it; how many rows there were."""
        count = self._connection.execute(query).rowcount
        if count:
            self._changes.note_erasure()
        return count


def _context(job_id: str, role: str, name: str) -> str:
    return f"job-file/{job_id}/{role}/{name}"


def _expired_results(at: datetime) -> ColumnElement[bool]:
    expired = select(JobRow.id).where(JobRow.expires_at <= at)
    return (JobFileRow.role == "result") & JobFileRow.job_id.in_(expired)
