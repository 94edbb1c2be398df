"""Settings as administrators see them: all of them, and no secret."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.api.v1.console.settings import list_settings
from app.services.keys import LOCAL
from app.settings import Settings
from tests.api.conftest import running


def test_settings_are_shown_without_secrets(settings: Settings) -> None:
    secret = {"deepstack_key": "s3cret-key", "queue": 65}
    with running(Settings(**{**settings.model_dump(), **secret})) as client:
        answer = client.get("/v1/settings")
        assert "s3cret-key" not in answer.text
        shown = {one["name"]: one for one in answer.json()["settings"]}
        assert shown["FACET_DEEPSTACK_KEY"]["value"] == "(set)"
        assert shown["FACET_QUEUE"]["value"] == "65" and not shown["FACET_QUEUE"]["is_default"]
        assert set(shown) == {f"FACET_{name.upper()}" for name in Settings.model_fields}
        assert [name for name, one in shown.items() if not one["description"]] == []


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://facet:s3cret@db/facet",
        "postgresql://facet:s3/cret@db/facet",
        "postgresql://s3cret:p@ss@db/facet",
        "postgresql://db/facet?user=facet&password=s3cret",
    ],
)
def test_the_database_is_shown_without_its_password(settings: Settings, url: str) -> None:
    stated = settings.model_copy(update={"database_url": url})
    edge: Any = SimpleNamespace(settings=stated)
    shown = {one.name: one.value for one in list_settings(LOCAL, edge).settings}
    value = shown["FACET_DATABASE_URL"]
    assert value.startswith("postgresql://") and "db/facet" in value
    assert not any(part in value for part in ("s3", "cret", "ss@"))
