"""Calibration of a collection on the command line and over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.domain.curves import calibration as domain
from app.domain.errors.people import TooFewSubjectsError
from app.jobs.kinds.calibration import CalibrationJob
from app.jobs.orders import Order
from app.services.people import calibrating
from app.settings import Settings
from tests.api.conftest import Client, small_settings
from tests.portraits import eileen, encoded, grace

HERE = "/v1/collections/staff"
CALIBRATION = f"{HERE}/calibration"


@pytest.fixture(scope="module")
def server_settings(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Settings:
    """Without workers: the test does the work of the job itself."""
    settings = small_settings(tmp_path_factory.mktemp("server") / "data", model_cache)
    return settings.model_copy(update={"job_workers": 0})


@pytest.fixture
def two_people(client: Client) -> Client:
    client.collection()
    for name, portrait in (("Grace", grace()), ("Eileen", eileen())):
        subject = client.post(f"{HERE}/subjects", json={"name": name}).json()["id"]
        files = [("images", (f"{n}.png", encoded(portrait.rotate(n)))) for n in (0, 5)]
        client.post(f"{HERE}/subjects/{subject}/faces", files=files)
    return client


def work(client: Client) -> Any:
    """The result of the job that a calibration is."""
    cases = client.app.edge.use_cases
    parameters = {"collection_id": cases.collections.get("staff").id}
    job = CalibrationJob(cases.calibrations)
    result = job(Order("job", parameters, {}), lambda *_, **__: None)
    return json.loads(result.content)


def test_a_curve_is_proposed_accepted_and_dropped(
    two_people: Client, server_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = two_people
    ordered = client.post(CALIBRATION, json={})
    assert ordered.status_code == 202 and ordered.json()["kind"] == "calibration"
    with pytest.raises(TooFewSubjectsError):
        work(client)
    assert domain.FEWEST_SUBJECTS == 10
    monkeypatch.setattr(calibrating, "FEWEST_SUBJECTS", 2)
    made = work(client)
    assert client.get(CALIBRATION).json() == made
    assert made["in_force"] is None and made["proposed"]["subjects"] == 2
    card = client.get(f"/v1/models/{made['proposed']['encoder']}").json()
    assert made["proposed"]["general_supported_fmr"] == card["supported_fmr"]
    # Its own four comparisons would support .8; those of the encoder stand behind it, too.
    assert 0 < made["proposed"]["supported_fmr"] < 1e-3
    wrong = client.post(f"{CALIBRATION}/accept", json={"calibration_id": "x"})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "unknown-calibration")
    chosen = {"calibration_id": made["proposed"]["id"]}
    accepted = client.post(f"{CALIBRATION}/accept", json=chosen).json()
    assert accepted["in_force"] == made["proposed"] and accepted["proposed"] is None
    health = client.get(f"{HERE}/health").json()
    assert health["threshold"] == pytest.approx(accepted["in_force"]["threshold"], abs=1e-3)
    assert client.delete(CALIBRATION).json()["in_force"] is None

    monkeypatch.setenv("FACET_DATA_DIR", str(server_settings.data_dir))
    done = CliRunner().invoke(app, ["calibrate", "staff", "--accept", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["in_force"]["comparisons"] == 4
    shown = CliRunner().invoke(app, ["calibrate", "staff", "--show"])
    assert "In force for staff" in shown.output
    assert CliRunner().invoke(app, ["calibrate", "staff", "--show", "--drop"]).exit_code == 2
