"""Weights are ordered over HTTP, as jobs of which there is one for each model."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.jobs import Failure
from app.jobs.kinds.model_pull import ModelPullJob
from app.jobs.orders import Order
from app.services.models.pull_jobs import MODEL_PULL
from tests.api.conftest import Client
from tests.api.jobs.conftest import Keyed, refused
from tests.pullable_models import write_manifest
from tests.unit.registry.test_download import CONTENT, Server
from tests.unit.registry.test_download import server as weights

__all__ = ["weights"]


@pytest.fixture
def manifests(server: Client) -> Path:
    (directory,) = server.app.edge.settings.manifest_dirs
    return Path(directory)


def test_pulls_are_jobs(server: Client, manifests: Path, weights: Server) -> None:
    key = write_manifest(manifests, "ordered", weights.url.replace("//", "//me:secret@"))
    path, admin = f"/models/{key}/pull", Keyed(server, "admin")
    before = admin("GET", f"/models/{key}").json()
    assert (before["ready"], before["downloadable"]) == (False, True)
    assert before["bytes"] == len(CONTENT) and "secret" not in json.dumps(before)
    (terms,) = before["terms"]
    assert terms["restricts"] == ["commercial-use"] and terms["addresses"] == [weights.url]
    refused(refusal := admin("POST", path, json={}), 409, "licence-not-accepted")
    assert refusal.json()["licences"] == [terms]
    accepted = {"accept_licence": True}
    answer = admin("POST", path, json=accepted)
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
    assert (job["kind"], job["parameters"]) == ("model-pull", {"model": key, **accepted})
    refused(second := admin("POST", path, json=accepted), 409, "job-underway")
    assert second.json()["job"] == job["id"]
    other = write_manifest(manifests, "other", weights.url)
    another = admin("POST", f"/models/{other}/pull", json=accepted)
    assert another.status_code == 202  # of another model at the same time
    for one in (another, answer):
        assert admin("DELETE", f"/jobs/{one.json()['id']}").json()["state"] == "cancelled"
    refused(admin("POST", "/models/nothing/pull", json=accepted), 404, "unknown-model")
    more = {**accepted, "url": "http://169.254.169.254/"}
    refused(admin("POST", path, json=more), 422, "invalid-request")
    refused(Keyed(server, "write")("POST", path, json=accepted), 403, "insufficient-scope")
    assert weights.asked == []


def test_a_pulled_model_is_ready_at_once(server: Client, manifests: Path, weights: Server) -> None:
    key = write_manifest(manifests, "pulled", weights.url)
    admin = Keyed(server, "admin")
    order = Order("x", {"model": key, "accept_licence": True}, {})
    reports: list[tuple[float, Any]] = []

    def report(fraction: float, message: str = "", **data: Any) -> None:
        reports.append((fraction, data))

    result = ModelPullJob(server.app.edge.use_cases.model_puller)(order, report)
    shown = json.loads(result.content)
    assert shown == {
        "model": key,
        "fetched_bytes": len(CONTENT),
        "ready": True,
        "problem": None,
        "pinned_sha256": None,
    }
    assert reports[-1] == (1.0, {"done": len(CONTENT), "total": len(CONTENT)})
    after = admin("GET", f"/models/{key}").json()
    assert (after["ready"], after["downloadable"], after["terms"]) == (True, False, [])
    assert after["bytes"] == len(CONTENT)
    entries = admin("GET", "/audit", params={"action": "pull-model"}).json()["items"]
    assert entries[0]["details"] == {
        "model": key,
        "licence_accepted": True,
        "bytes": len(CONTENT),
    }


def test_a_model_without_an_address_is_refused(server: Client, manifests: Path) -> None:
    gone: dict[str, Any] = {"kind": "file", "path": "gone.onnx", "url": None, "size": None}
    key = write_manifest(manifests, "gone", "", **gone)
    admin = Keyed(server, "admin")
    answer = admin("POST", f"/models/{key}/pull", json={"accept_licence": True})
    refused(answer, 409, "model-without-address")
    assert admin("GET", f"/models/{key}").json()["downloadable"] is False


def test_a_failed_pull_says_why(server: Client, manifests: Path) -> None:
    """A failure of the server's own is none of whoever asks for the result."""
    admin = Keyed(server, "admin")
    job = admin.jobs.submit(MODEL_PULL, admin.principal, parameters={"model": "x@1"})
    assert admin.work.fail(job, Failure("download-failed", "It could not.", "Try again."))
    refused(admin("GET", f"/jobs/{job.id}/result"), 409, "download-failed")
