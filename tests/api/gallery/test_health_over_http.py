"""The health of a collection on the command line and over HTTP, and enrolment under review."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from app.bootstrap.jobs import JOBS
from app.cli.main import app
from app.jobs.kinds.health import HealthJob
from app.jobs.orders import Order
from app.services.people import health as services
from app.settings import Settings
from tests.api.conftest import Client
from tests.portraits import eileen, encoded, grace

HERE = "/v1/collections/staff"


def enrolled(client: Client, name: str, *pictures: Image.Image) -> Any:
    subject = client.post(f"{HERE}/subjects", json={"name": name}).json()["id"]
    files = [("images", (f"{n}.png", encoded(one))) for n, one in enumerate(pictures)]
    return client.post(f"{HERE}/subjects/{subject}/faces", files=files).json()


def test_a_face_under_the_wrong_name_is_found(
    client: Client, server_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.collection()
    enrolled(client, "Grace", grace(), grace().rotate(5))
    wrong = enrolled(client, "Eileen", eileen(), grace().rotate(-5))["results"][1]["face"]["id"]
    health = client.get(f"{HERE}/health", params={"limit": 5}).json()
    alike = {
        one["face_id"]: one["other_subject"]["name"] for one in health["could_be_another"]["listed"]
    }
    assert alike[wrong] == "Grace"
    assert (health["subjects"], health["faces"], health["sampled"]) == (2, 4, False)
    assert health["self_test"]["wrong"]["hits"] >= 1
    assert [one["subject"]["name"] for one in health["few_faces"]["listed"]] == ["Grace", "Eileen"]
    drawn = client.get(f"{HERE}/health/picture")
    assert drawn.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(drawn.content)).size == (900, 430)

    monkeypatch.setenv("FACET_DATA_DIR", str(server_settings.data_dir))
    words = ["health", "staff", "--json", "--listed", "5", "--picture", str(tmp_path / "h.png")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    printed = json.loads(done.stdout)
    assert {**printed, "at": ""} == {**health, "at": ""}
    assert Image.open(tmp_path / "h.png").format == "PNG"
    assert "Could be another's" in CliRunner().invoke(app, ["health", "staff"]).output
    assert CliRunner().invoke(app, ["health", "staff", "--ready"]).exit_code == 2


def test_a_large_gallery_is_a_job(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.collection()
    enrolled(client, "Grace", grace(), grace().rotate(5))
    expected = client.get(f"{HERE}/health", params={"limit": 5}).json()
    monkeypatch.setattr(services, "AT_ONCE", 1)
    for path in ("/health", "/health/picture"):
        answer = client.get(HERE + path)
        assert (answer.status_code, answer.json()["code"]) == (409, "too-many-faces")
    ordered = client.post(f"{HERE}/health", json={"limit": 5})
    assert ordered.status_code == 202 and ordered.json()["kind"] == "health-check"
    assert client.post(f"{HERE}/health", json={}).json()["code"] == "job-underway"
    cases = client.app.edge.use_cases
    parameters = {"collection_id": expected["collection"], "listed": 5}
    parameters["collection_id"] = cases.collections.get("staff").id
    reported: list[float] = []
    result = HealthJob(cases.health)(
        Order("job", parameters, {}), lambda fraction, *_, **__: reported.append(fraction)
    )
    assert {**json.loads(result.content), "at": ""} == {**expected, "at": ""}
    assert reported[-1] == 1.0 and services.HEALTH.name in JOBS


def test_a_strict_collection_refuses_a_face_of_somebody_else(client: Client) -> None:
    client.collection()
    enrolled(client, "Grace", grace(), grace().rotate(5))
    for mode, status in (("warn", "enrolled"), ("strict", "rejected")):
        changed = client.patch(HERE, json={"policy": {"review_mode": mode}}).json()
        assert changed["policy"]["review_mode"] == mode
        (result,) = enrolled(client, f"Not Grace {mode}", grace().rotate(-5))["results"]
        assert result["status"] == status
        said = result["doubt"] if mode == "warn" else result["error"]
        assert said["code"] == "resembles-another" and "face_id" in said
    answer = client.patch(HERE, json={"policy": {"review_mode": "lax"}})
    assert answer.json()["code"] == "invalid-request"
