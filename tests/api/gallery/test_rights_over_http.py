"""Rights of subjects and receipts of erasures, over HTTP and on the command line."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.bootstrap.jobs import JOBS
from app.cli.main import app
from app.domain.errors.gallery import UnknownCollectionError
from app.jobs.kinds.retention import RetentionJob
from app.jobs.orders import Order
from app.services.people.retention_jobs import RETENTION
from app.settings import Settings
from tests.api.conftest import Client, running
from tests.portraits import encoded, grace

HERE = "/v1/collections/staff"
CONSENT = {"basis": "consent", "reference": "form 7"}


def named(client: Client) -> list[str | None]:
    faces = client.recognize(encoded(grace())).json()["faces"]
    return [one["subject"]["name"] if one["subject"] else None for one in faces]


@pytest.fixture
def command(server_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command on the server's data and give its output."""
    monkeypatch.setenv("FACET_DATA_DIR", str(server_settings.data_dir))

    def run(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, words)
        assert done.exit_code == status, done.output
        return done.stdout

    return run


def test_a_restricted_subject_is_kept_and_matched_by_nobody(staff: Client, command: Any) -> None:
    assert named(staff) == ["Grace Hopper"]
    subjects = {one["name"]: one["id"] for one in staff.get(f"{HERE}/subjects").json()["items"]}
    rights = f"{HERE}/subjects/{subjects['Grace Hopper']}/rights"
    assert staff.get(rights).json()["restricted"] is False
    assert staff.patch(rights, json={"restricted": True}).json()["restricted"] is True
    assert named(staff) == [None]
    claim = staff.post(
        f"{HERE}/subjects/{subjects['Grace Hopper']}/verify", files={"image": encoded(grace())}
    )
    assert (claim.status_code, claim.json()["code"]) == (409, "subject-restricted")
    refused = staff.enrol(subjects["Grace Hopper"], encoded(grace()))
    assert (refused.status_code, refused.json()["code"]) == (409, "subject-restricted")
    health = staff.get(f"{HERE}/health").json()
    assert (health["faces"], health["barred"], health["compared"]) == (2, 1, 1)
    words = ("subjects", "rights", "Grace Hopper", "-c", "staff", "--no-restrict", "--json")
    assert json.loads(command(*words))["restricted"] is False
    assert named(staff) == ["Grace Hopper"]


def test_consent_is_asked_for_recorded_and_withdrawn(client: Client) -> None:
    client.collection(policy={"require_consent": True})
    subject = client.subject("Grace Hopper")
    refused = client.enrol(subject, encoded(grace()))
    assert (refused.status_code, refused.json()["code"]) == (409, "consent-required")
    rights = f"{HERE}/subjects/{subject}/rights"
    assert (
        client.patch(rights, json={"consent": CONSENT}).json()["consent"]["reference"] == "form 7"
    )
    assert client.enrol(subject, encoded(grace())).status_code == 201
    assert client.patch(rights, json={"consent": None}).json()["consent"]["withdrawn_at"]
    assert named(client) == [None]
    exported = client.get(f"{HERE}/subjects/{subject}/export")
    with zipfile.ZipFile(io.BytesIO(exported.content)) as made:
        assert made.testzip() is None
        assert json.loads(made.read("data.json"))["rights"]["consent"]["basis"] == "consent"
    due = client.get(f"{HERE}/retention").json()
    assert [(one["subject_id"], one["reason"]) for one in due["subjects"]] == [
        (subject, "consent-ended")
    ]
    (gone,) = client.post(f"{HERE}/retention").json()["subjects"]
    assert client.get(f"{HERE}/subjects/{subject}").status_code == 404
    assert client.get(f"/v1/receipts/{gone['receipt_id']}").json()["receipt"]["reason"] == (
        "consent-ended"
    )


def test_instants_are_read_from_json(client: Client) -> None:
    client.collection()
    rights = f"{HERE}/subjects/{client.subject('Grace Hopper')}/rights"
    ends = "2045-01-31T00:00:00Z"
    consent = {**CONSENT, "given_at": "2026-01-31T12:00:00+02:00", "expires_at": ends}
    kept = client.patch(rights, json={"consent": consent, "keep_until": ends}).json()
    assert (kept["keep_until"], kept["consent"]["expires_at"]) == (ends, ends)
    assert kept["consent"]["given_at"] == "2026-01-31T12:00:00+02:00"
    for wrong in ("2045-01-31T00:00:00", "soon-ish", "12345", 12345):
        refused = client.patch(rights, json={"keep_until": wrong})
        assert refused.status_code == 422, wrong
        assert "with a time zone" in refused.json()["detail"]


@pytest.fixture
def idle(settings: Settings) -> Iterator[Client]:
    """A server whose jobs wait for ever."""
    with running(settings.model_copy(update={"job_workers": 0})) as client:
        yield client


def test_retention_is_a_job_with_receipts(idle: Client) -> None:
    client = idle
    client.collection()
    gone = [client.subject("Grace"), client.subject("Ada")]
    kept = client.subject("Bob")
    for subject in gone:
        for consent in (CONSENT, None):
            client.patch(f"{HERE}/subjects/{subject}/rights", json={"consent": consent})
    ordered = client.post(f"{HERE}/retention/jobs", json={})
    assert (ordered.status_code, ordered.json()["kind"]) == (202, RETENTION.name)
    assert client.post(f"{HERE}/retention/jobs", json={}).json()["code"] == "job-underway"
    cases = client.app.edge.use_cases
    job, reported = RetentionJob(cases.retention), []
    staff = {"collection_id": cases.collections.get("staff").id, "limit": 1}
    erased = []
    for expected in (1, 1, 0):  # done again after a crash it finds whom it has not erased
        order = Order("job", staff, {})
        result = job(order, lambda fraction, *_, **__: reported.append(fraction))
        run = json.loads(result.content)
        assert len(run["subjects"]) == expected
        erased += [one["subject_id"] for one in run["subjects"]]
        for one in run["subjects"]:
            assert client.get(f"/v1/receipts/{one['receipt_id']}").status_code == 200
    assert sorted(erased) == sorted(gone) and reported == [0.5, 1.0] and RETENTION.name in JOBS
    assert [one["id"] for one in client.get(f"{HERE}/subjects").json()["items"]] == [kept]
    with pytest.raises(UnknownCollectionError):
        job(Order("job", {"collection_id": "gone"}, {}), lambda *_, **__: None)


def test_a_receipt_is_checked_elsewhere(staff: Client, command: Any, tmp_path: Path) -> None:
    subject = staff.get(f"{HERE}/subjects").json()["items"][0]["id"]
    receipt_id = staff.delete(f"{HERE}/subjects/{subject}").json()["receipt_id"]
    listed = staff.get("/v1/receipts", params={"limit": 1}).json()
    assert listed["items"][0]["receipt"]["id"] == receipt_id
    receipt, key = tmp_path / "receipt.json", tmp_path / "key.pem"
    receipt.write_text(staff.get(f"/v1/receipts/{receipt_id}").text)
    key.write_text(staff.get("/v1/receipt-keys").json()["items"][-1]["public_key"])
    verify = ("receipts", "verify", str(receipt), "--public-key", str(key), "--json")
    assert json.loads(command(*verify))["genuine"] is True
    receipt.write_text(receipt.read_text().replace('"faces":1', '"faces":2'))
    assert json.loads(command(*verify, status=2))["genuine"] is False
    unknown = staff.get("/v1/receipts/none")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-receipt")


@pytest.fixture
def nobody(staff: Client) -> Client:
    """Beside who has a face somebody without one, and Grace restricted, with a basis."""
    path, metadata = f"{HERE}/subjects", {"team": "engines", "floor": 3}
    staff.post(path, json={"name": "Nobody", "metadata": metadata}).raise_for_status()
    ids = {one["name"]: one["id"] for one in staff.get(path).json()["items"]}
    rights = {"restricted": True, "consent": CONSENT}
    staff.patch(f"{path}/{ids['Grace Hopper']}/rights", json=rights).raise_for_status()
    return staff


def listed(client: Client, **conditions: Any) -> list[str]:
    answer = client.get(f"{HERE}/subjects", params=conditions).raise_for_status().json()
    return sorted(one["name"] for one in answer["items"])


def test_people_are_listed_by_conditions(nobody: Client) -> None:
    everybody = listed(nobody)
    known = [name for name in everybody if name != "Nobody"]
    assert listed(nobody, max_faces=0) == ["Nobody"]
    assert listed(nobody, min_faces=1) == known
    assert listed(nobody, restricted=True) == listed(nobody, consent="valid") == ["Grace Hopper"]
    assert "Grace Hopper" not in listed(nobody, restricted=False)
    assert listed(nobody, where='{"team": "engines", "floor": 3.0}') == ["Nobody"]
    for nowhere in ({"where": '{"floor": "3"}'}, {"until": "2020-01-01"}, {"consent": "ended"}):
        assert listed(nobody, **nowhere) == []
    assert listed(nobody, since="2020-01-01") == everybody
    newest = nobody.get(f"{HERE}/subjects", params={"order": "newest", "limit": 1}).json()
    assert newest["items"][0]["name"] == "Nobody"
    assert listed(nobody, order="newest", cursor=newest["next_cursor"]) == known
    for wrong in (
        {"where": "x"}, {"where": "[1]"}, {"where": '{"a": []}'}, {"where": '{"a": NaN}'},
        {"where": "[" * 2_000}, {"max_faces": -1}, {"consent": "x"}, {"since": "12"},
        {"order": "x"},
    ):  # fmt: skip
        answer = nobody.get(f"{HERE}/subjects", params=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request"), wrong


def test_a_command_lists_people_by_conditions(nobody: Client, command: Any) -> None:
    words = ("subjects", "list", "-c", "staff", "--since", "2020-01-01", "--newest-first", "--json")
    options = ("--max-faces", "0", "--where", '{"floor": 3}', "--no-restricted")
    shown = json.loads(command(*words, *options, "--consent", "none"))["subjects"]
    assert [one["name"] for one in shown] == ["Nobody"]
