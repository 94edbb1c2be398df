"""Webhooks over HTTP and by commands: addresses that are not public are refused when added."""

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.settings import Settings
from tests.api.conftest import Client, running

NAMES = ("http://10.0.0.1/hook", "http://169.254.169.254/", "http://localhost:9/hook")


@pytest.mark.parametrize("address", NAMES)
def test_an_address_that_is_not_public_is_refused(
    client: Client, server_settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = client.post("/v1/webhooks", json={"url": address})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-request")
    assert refused.json()["errors"][0]["field"] == "url"
    assert "FACET_WEBHOOK_NETWORKS" in refused.text
    monkeypatch.setenv("FACET_DATA_DIR", str(server_settings.data_dir))
    command = CliRunner().invoke(app, ["webhooks", "add", address])
    assert command.exit_code != 0 and "not public" in command.output
    assert client.get("/v1/webhooks").json()["items"] == []


def test_a_name_that_stands_for_nothing_yet_is_taken(client: Client) -> None:
    added = client.post("/v1/webhooks", json={"url": "https://nowhere.invalid/hook"})
    assert added.status_code == 201
    assert client.delete(f"/v1/webhooks/{added.json()['id']}").status_code == 200


def test_networks_of_the_settings_are_allowed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACET_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("FACET_WEBHOOK_NETWORKS", "10.0.0.0/8")
    allowed = Settings(**settings.model_dump(exclude={"webhook_networks"}, exclude_unset=True))
    with running(allowed) as client:
        added = client.post("/v1/webhooks", json={"url": NAMES[0]})
        assert added.status_code == 201
        refused = client.post("/v1/webhooks", json={"url": NAMES[1]})
        assert refused.status_code == 422
    command = CliRunner().invoke(app, ["webhooks", "add", NAMES[0]])
    assert command.exit_code == 0, command.output
