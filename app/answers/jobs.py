"""Jobs as clients see them."""

import base64
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain import jobs as domain
from app.domain.jobs import JobState


class JobProgress(BaseModel):
    """The progress of a job."""

    fraction: float = Field(description="In [0, 1].")
    message: str
    data: dict[str, Any] = Field(description="Figures of the kind's own, such as a loss.")

    @classmethod
    def of(cls, progress: domain.Progress) -> Self:
        return cls(fraction=progress.fraction, message=progress.message, data=dict(progress.data))


class JobFailure(BaseModel):
    """The reason why a job failed; `code` is stable."""

    code: str
    detail: str
    hint: str = ""
    data: dict[str, Any]

    @classmethod
    def of(cls, failure: domain.Failure) -> Self:
        return cls(
            code=failure.slug,
            detail=failure.message,
            hint=failure.hint,
            data=dict(failure.data),
        )


class JobResult(BaseModel):
    """The result of a job, to be fetched at `…/result` until it expires."""

    media_type: str
    bytes: int
    expires_at: datetime


class Job(BaseModel):
    """A piece of work that takes longer than a request."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "019a0c0f5b7c0123456789abcdef0123",
                    "kind": "reencoding",
                    "state": "running",
                    "version": 7,
                    "parameters": {"collection": "staff", "encoder": "facenet-resnet29@1"},
                    "progress": {
                        "fraction": 0.4,
                        "message": "40 of 100 faces are ready",
                        "data": {"ready": 40, "faces": 100},
                    },
                    "attempts": 1,
                    "created_at": "2026-01-01T12:00:00Z",
                    "started_at": "2026-01-01T12:00:01Z",
                }
            ]
        }
    )

    id: str
    kind: str
    state: JobState
    version: int = Field(description="Grows with every change.")
    parameters: dict[str, Any]
    progress: JobProgress
    attempts: int = Field(description="How often a worker has begun.")
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    failure: JobFailure | None = None
    result: JobResult | None = Field(None, description="Null until there is one.")

    @classmethod
    def of(cls, job: domain.Job) -> Self:
        return cls(
            id=job.id,
            kind=job.kind,
            state=job.state,
            version=job.version,
            parameters=dict(job.parameters),
            progress=JobProgress.of(job.progress),
            attempts=job.attempts,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            failure=None if job.failure is None else JobFailure.of(job.failure),
            result=_result(job),
        )


class Preview(BaseModel):
    """A small picture of what the job has made so far."""

    media_type: str
    base64: str
    fraction: float

    @classmethod
    def of(cls, file: domain.JobFile, fraction: float) -> Self:
        content = base64.b64encode(file.content).decode()
        return cls(media_type=file.media_type, base64=content, fraction=fraction)


def _result(job: domain.Job) -> JobResult | None:
    if job.result_media_type is None or job.result_bytes is None or job.expires_at is None:
        return None
    return JobResult(
        media_type=job.result_media_type, bytes=job.result_bytes, expires_at=job.expires_at
    )
