"""Every request has an id: in its answer, in its errors and in every line of the log about it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture
from structlog.typing import Processor

from app.platform.request_context import RequestContext, current_request
from app.settings import Settings
from tests.api.conftest import Client, running
from tests.portraits import encoded, grace

WELL_FORMED = ("a", "018f3c.A_b-9", "x" * 64)
ILL_FORMED = ("", "x" * 65, "two words", "é", "a;b", "<b>", "../x", "a/b")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Client]:
    data = tmp_path_factory.mktemp("data")
    with running(Settings(data_dir=data, model_cache_dir=model_cache, job_workers=0)) as client:
        yield client


@pytest.mark.parametrize("sent", WELL_FORMED)
def test_a_well_formed_id_is_taken(client: Client, sent: str) -> None:
    for path in ("/healthz", "/v1/collections", "/v1/none", "/v1/collections/none"):
        answer = client.get(path, headers={"X-Request-Id": sent})
        assert answer.headers["X-Request-Id"] == sent
        if answer.status_code >= 400:
            assert answer.json()["request_id"] == sent


@pytest.mark.parametrize("sent", ILL_FORMED)
def test_any_other_is_replaced(client: Client, sent: str) -> None:
    answer = client.get("/v1/none", headers={"X-Request-Id": sent.encode()})
    made = answer.headers["X-Request-Id"]
    assert re.fullmatch("[0-9a-f]{32}", made)
    assert answer.json()["request_id"] == made
    assert client.get("/v1/none").json()["request_id"] != made


def test_two_ids_are_none(client: Client) -> None:
    answer = client.get("/healthz", headers=[("X-Request-Id", "a"), ("X-Request-Id", "b")])
    assert answer.headers["X-Request-Id"] not in ("a", "b")


def test_lines_and_work_in_threads_belong_to_the_request(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[RequestContext] = []
    outside = current_request()
    detection = client.app.edge.use_cases.detection
    original = detection.detect

    def watched(*given: Any) -> Any:
        seen.append(current_request())
        structlog.get_logger("app.test").info("working")
        return original(*given)

    monkeypatch.setattr(detection, "detect", watched)
    lines = LogCapture()
    merged: list[Processor] = [structlog.contextvars.merge_contextvars, lines]
    before = structlog.get_config()["processors"]
    structlog.configure(processors=merged)
    try:
        headers = {"X-Request-Id": "from-the-client"}
        answer = client.post("/v1/detect", files={"image": encoded(grace())}, headers=headers)
        client.get("/healthz")
    finally:
        structlog.configure(processors=before)
    assert answer.status_code == 200
    key = client.headers["Authorization"].split("_")[1]
    assert seen == [RequestContext("from-the-client", "testclient", key)]
    ids = [(line["event"], line["request_id"]) for line in lines.entries]
    assert ids[:2] == [("working", "from-the-client"), ("request", "from-the-client")]
    assert ids[2][0] == "request" and ids[2][1] != "from-the-client"
    assert current_request() == outside
