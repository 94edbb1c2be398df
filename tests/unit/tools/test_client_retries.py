"""What the Python client sends again, when, and what it does with foreign answers."""

import json
from collections.abc import Callable

import httpx
import pytest

from app.api.kit.problem_kinds import PROBLEM_KINDS
from facet_client import Client, FacetError, Retries, UnreachableError
from facet_client.errors import OverloadedError, TooManyJobsError
from facet_client.events import EventReader
from facet_client.generated.errors import BY_CODE


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that were waited, without waiting."""
    waited: list[float] = []
    monkeypatch.setattr("facet_client.synchronous.transport.pause", waited.append)
    return waited


def client(
    *answers: Callable[[], httpx.Response], retries: Retries | None = None
) -> tuple[Client, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answers[len(asked) - 1]()

    return Client(
        "http://facet", "k", transport=httpx.MockTransport(handle), retries=retries
    ), asked


def busy(code: str = "overloaded", status: int = 503, after: str = "1") -> httpx.Response:
    return httpx.Response(status, json={"code": code}, headers={"Retry-After": after})


def lost() -> httpx.Response:
    raise httpx.ReadError("gone")


def good() -> httpx.Response:
    return httpx.Response(200, content=b"picture")


def test_what_passes_is_tried_again_after_the_time_asked_for(waits: list[float]) -> None:
    facet, asked = client(lambda: busy(after="2"), lambda: busy("too-many-jobs", 429, "5"), good)
    assert facet.faces.image("staff", 1) == b"picture"
    assert (len(asked), waits) == (3, [2.0, 5.0])


def test_it_gives_up_in_time(waits: list[float]) -> None:
    facet, asked = client(*[busy] * 9, retries=Retries(times=2))
    with pytest.raises(OverloadedError):
        facet.collections.get("staff")
    assert (len(asked), len(waits)) == (3, 2)
    facet, asked = client(lambda: busy("too-many-jobs", 429, "3600"))
    with pytest.raises(TooManyJobsError):
        facet.collections.get("staff")
    assert len(asked) == 1


def test_lost_connections_are_tried_again_where_that_does_no_harm(waits: list[float]) -> None:
    facet, asked = client(lost, lost, good)
    assert facet.faces.image("staff", 1) == b"picture"
    assert len(asked) == 3
    facet, asked = client(lost, good)
    with pytest.raises(UnreachableError, match="gone"):
        facet.collections.create("staff")
    assert len(asked) == 1


def test_an_enrolment_keeps_its_idempotency_key(waits: list[float]) -> None:
    answer = httpx.Response(
        201, json={"enrolled": 0, "already_enrolled": 0, "rejected": 0, "results": []}
    )
    facet, asked = client(lost, busy, lambda: answer)
    facet.faces.enroll("staff", "1", [b"picture"])
    keys = {one.headers["Idempotency-Key"] for one in asked}
    assert len(asked) == 3 and len(keys) == 1 and keys != {""}


def test_answers_of_something_between() -> None:
    facet, _ = client(lambda: httpx.Response(502, text="<html>bad gateway"))
    with pytest.raises(FacetError) as error:
        facet.collections.get("staff")
    assert (error.value.status, error.value.code, str(error.value)) == (502, "", "HTTP status 502")
    facet, _ = client(lambda: httpx.Response(400, json={"code": "of-a-newer-server"}))
    with pytest.raises(FacetError):
        facet.collections.get("staff")


def test_every_code_has_a_class() -> None:
    assert set(BY_CODE) == set(PROBLEM_KINDS)


def test_paths_are_quoted() -> None:
    facet, asked = client(good)
    facet.faces.image("a/../b?c#d", 1)
    assert asked[0].url.raw_path == b"/v1/collections/a%2F..%2Fb%3Fc%23d/faces/1/image"


def test_events_are_put_together() -> None:
    reader = EventReader("0")
    data = json.dumps({"fraction": 0.5, "message": "", "data": {}, "of_a_newer_server": 1})
    lines = [": alive", "", "event: progress", f"data: {data}", "id: 7", ""]
    events = [event for line in lines if (event := reader.read(line))]
    assert [event.name for event in events] == ["progress"]
    assert events[0].progress is not None and events[0].progress.fraction == 0.5
    assert reader.last_id == "7"
