"""Jobs: looked at, followed, fetched and cancelled."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.answers.gallery import Page
from app.answers.jobs import Job
from app.api.kit.access import AtEdge, Cases, UseJobs
from app.api.kit.problems import problem_of_job
from app.api.v1.events import follow
from app.api.v1.paging import Cursor, Limit, after, page
from app.api.v1.paths import JobInPath
from app.api.v1.problems import CHANGE_PROBLEMS, COMMON_PROBLEMS, answer, responses
from app.domain import jobs as domain
from app.domain.jobs import Failure, JobState

_PROBLEMS = (*COMMON_PROBLEMS, "unknown-job")
_RESULT_PROBLEMS = ("job-not-finished", "job-cancelled", "result-expired")
_FAILURE_PROBLEMS = (
    *("worker-lost", "job-timeout", "job-crashed", "job-not-started", "invalid-job-parameters"),
    *("faces-left-out", "no-face", "unknown-model", "encoder-mismatch", "job-underway"),
    *("unknown-collection", "too-few-subjects"),
    *("download-failed", "checksum-mismatch", "weights-too-large", "disk-full", "pull-underway"),
    *("licence-not-accepted", "model-without-address", "invalid-manifest", "weights-missing"),
)
"""Of failed jobs; what has another status than 409 keeps it, unless that is a 5xx."""

router = APIRouter(prefix="/jobs", tags=["jobs"])


def accepted(job: domain.Job, response: Response) -> Job:
    """The answer of a route that made a job, with the job's address; its status is 202."""
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return Job.of(job)


@router.get("", responses=responses(*COMMON_PROBLEMS, "invalid-cursor"))
def list_jobs(
    caller: UseJobs,
    cases: Cases,
    cursor: Cursor = None,
    limit: Limit = 50,
    state: JobState | None = None,
    kind: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[Job]:
    """The key's own jobs, an admin's all, newest first."""
    rows = cases.jobs.list(caller, before=after(cursor), limit=limit + 1, state=state, kind=kind)
    return page(rows, limit, Job.of, lambda row: row.id)


@router.get("/{job}", responses=responses(*_PROBLEMS))
def get(job: JobInPath, caller: UseJobs, cases: Cases) -> Job:
    """One job: its state, its progress, and why it failed if it did."""
    return Job.of(cases.jobs.get(caller, job))


@router.delete("/{job}", responses=responses(*CHANGE_PROBLEMS, "unknown-job", "job-settled"))
def cancel(job: JobInPath, caller: UseJobs, cases: Cases) -> Job:
    """Cancel it, waiting or running; what it was sent is removed. Its work ends in a second."""
    return Job.of(cases.jobs.cancel(caller, job))


@router.get(
    "/{job}/result",
    response_class=Response,
    responses={
        **responses(*_PROBLEMS, *_RESULT_PROBLEMS, of_jobs=_FAILURE_PROBLEMS),
        200: {"content": {"*/*": {}}, "description": "The result, in the type that the job says."},
    },
)
def result(job: JobInPath, caller: UseJobs, cases: Cases) -> Response:
    """The result of a job; of a failed job the problem, with the failure's code."""
    found = cases.jobs.result(caller, job)
    if isinstance(found, Failure):
        return answer(problem_of_job(found))
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return Response(found.content, media_type=found.media_type, headers=headers)


@router.delete(
    "/{job}/result",
    responses=responses(*CHANGE_PROBLEMS, "unknown-job", *_RESULT_PROBLEMS),
)
def erase_result(job: JobInPath, caller: UseJobs, cases: Cases) -> Job:
    """Remove the result before its time."""
    return Job.of(cases.jobs.erase_result(caller, job))


def _place(edge: AtEdge, job: JobInPath, caller: UseJobs, cases: Cases) -> Iterator[None]:
    """One of the places for followers, held until the answer has ended.

    Taken before the answer begins: afterwards its status could not be changed.
    """
    cases.jobs.get(caller, job)
    edge.streams.take(caller.key_id, caller.limits.streams)
    try:
        yield
    finally:
        edge.streams.leave(caller.key_id)


@router.get(
    "/{job}/events",
    response_class=EventSourceResponse,
    dependencies=[Depends(_place)],
    responses=responses(*_PROBLEMS, "overloaded"),
)
async def events(
    edge: AtEdge,
    job: JobInPath,
    caller: UseJobs,
    cases: Cases,
    last_event_id: Annotated[int, Header(ge=0, le=2**31 - 1)] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `state`, `progress` and `preview`, until the job is settled.

    The first events tell how things are; with `Last-Event-ID`, only what changed since. A stream
    ends after an hour at the latest: follow on with the last id.
    """
    async for event in follow(
        lambda version: cases.jobs.news(caller, job, after=version),
        last_event_id,
        edge.closing.is_set,
        lambda: cases.sessions.check(caller),
    ):
        yield event
