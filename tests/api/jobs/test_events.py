"""The events of a job as its client hears them."""

import base64
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.jobs import Progress
from app.services.jobs.queue import Jobs
from tests.api.conftest import Client
from tests.api.jobs.conftest import RESULT, Keyed, refused
from tests.job_kinds import PREVIEW


def after_each_look(monkeypatch: pytest.MonkeyPatch, steps: Iterator[object]) -> None:
    """Take a step whenever the stream has looked at its job, so that it sees what each changed."""
    news = Jobs.news

    def look(*asked: Any, after: int) -> Any:
        found = news(*asked, after=after)
        next(steps, None)
        return found

    monkeypatch.setattr(Jobs, "news", look)


def test_events_tell_everything_in_order(keyed: Keyed, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = keyed.submit()

    def work() -> Iterator[None]:
        job = keyed.run(job_id)
        yield
        keyed.work.report(job, Progress(0.5, "halfway", {"loss": 0.25}), PREVIEW)
        yield
        keyed.work.succeed(job, RESULT)

    after_each_look(monkeypatch, work())
    events = keyed.events(job_id)
    assert [name for name, _, _ in events] == ["state", "state", "preview", "progress", "state"]
    assert [data["state"] for name, data, _ in events if name == "state"] == [
        "queued",
        "running",
        "succeeded",
    ]
    assert base64.b64decode(events[2][1]["base64"]) == PREVIEW.content
    assert events[3][1] == {"fraction": 0.5, "message": "halfway", "data": {"loss": 0.25}}
    assert [number for _, _, number in events] == ["1", "2", None, "3", "4"]


def test_events_go_on_from_the_last_one_known(keyed: Keyed) -> None:
    job_id = keyed.submit()
    keyed.succeed(job_id)
    known = keyed("GET", f"/jobs/{job_id}").json()["version"]
    assert [name for name, _, _ in keyed.events(job_id)] == ["state"]
    before = keyed.events(job_id, **{"Last-Event-ID": str(known - 1)})
    assert [data["state"] for _, data, _ in before] == ["succeeded"]
    assert keyed.events(job_id, **{"Last-Event-ID": str(known)}) == []
    answer = keyed("GET", f"/jobs/{job_id}/events", headers={"Last-Event-ID": "soon"})
    refused(answer, 422, "invalid-request")


def test_a_job_that_is_erased_ends_its_events(
    server: Client, keyed: Keyed, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = server.collection(f"c{secrets.token_hex(4)}")
    job_id = keyed.submit(collection_id=collection["id"])
    erase = server.app.edge.use_cases.erasure.collection
    after_each_look(monkeypatch, map(erase, [collection["name"]]))
    events = keyed.events(job_id)
    assert [name for name, _, _ in events] == ["state", "problem"]
    assert events[1][1]["code"] == "unknown-job"
