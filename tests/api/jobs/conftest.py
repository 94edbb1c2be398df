"""A server without workers, and clients that do the workers' part by hand."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.jobs import Job, JobFile, JobKind
from app.services.jobs.queue import Jobs
from app.services.jobs.work import JobTimes, JobWork
from app.services.keys import Principal
from app.settings import Settings
from tests.api.conftest import Client, new_key, running
from tests.job_kinds import ALONE, REPEATABLE

PER_KEY, QUEUE = 3, 8
TIMES = JobTimes(5, 30, timedelta(hours=1), timedelta(days=1))
RESULT = JobFile("image/png", b"the picture")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Client]:
    """An admin's client, for the whole module: tests keep apart by their keys."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        model_cache_dir=model_cache,
        job_workers=0,
        jobs_per_key=PER_KEY,
        job_queue=QUEUE,
        job_timeouts={ALONE.name: 7.5},
    )
    with running(settings) as client:
        yield client


class Keyed:
    """A client with a key of its own, and the hands of a worker."""

    def __init__(self, server: Client, scope: str = "read", **options: Any) -> None:
        self._server = server
        self.key = new_key(server.app, scope, **options)
        self.jobs: Jobs = server.app.edge.use_cases.jobs
        self.principal: Principal = server.app.edge.use_cases.keys.authenticate(self.key)
        self.storage = self.jobs._storage
        self.work = JobWork(self.storage, TIMES)

    def __call__(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"} | more.pop("headers", {})
        return self._server.request(method, f"/v1{path}", headers=headers, **more)

    def submit(self, kind: JobKind = REPEATABLE, **options: Any) -> str:
        return self.jobs.submit(kind, self.principal, parameters={"size": 3}, **options).id

    def run(self, job_id: str) -> Job:
        """Claim exactly that job."""
        with self.storage.write() as work:
            while found := work.jobs.claim([REPEATABLE.name], "hand", datetime.now(UTC)):
                job: Job = found
                if job.id == job_id:
                    return job
                work.jobs.cancel(job.id, datetime.now(UTC))
        raise AssertionError("the job is not waiting")

    def succeed(self, job_id: str) -> None:
        assert self.work.succeed(self.run(job_id), RESULT)

    def events(self, job_id: str, **headers: str) -> list[tuple[str, dict[str, Any], str | None]]:
        """(event, data, id) of all there are."""
        answer = self("GET", f"/jobs/{job_id}/events", headers=headers)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        found = []
        for block in answer.text.strip().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
            if fields:
                found.append((fields["event"], json.loads(fields["data"]), fields.get("id")))
        return found


@pytest.fixture
def keyed(server: Client) -> Iterator[Keyed]:
    keyed = Keyed(server)
    yield keyed
    for job in keyed.jobs.list(keyed.principal, limit=100):
        if job.finished_at is None:
            keyed.jobs.cancel(keyed.principal, job.id)


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
