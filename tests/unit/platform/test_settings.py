"""Settings and the guard on switched-off auth."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.settings import Settings


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_auth_may_be_off_on_loopback(host: str) -> None:
    assert Settings(auth="off", host=host).auth == "off"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])  # noqa: S104
def test_auth_must_be_on_elsewhere(host: str) -> None:
    with pytest.raises(ValidationError, match="loopback"):
        Settings(auth="off", host=host)


def test_workers_must_be_heard_before_they_are_given_up() -> None:
    assert Settings(job_heartbeat=2, job_take_over=4).job_take_over == 4
    with pytest.raises(ValidationError, match="job_take_over"):
        Settings(job_heartbeat=2, job_take_over=3)


def test_the_defaults_bind_to_loopback_with_keys() -> None:
    settings = Settings()
    assert settings.bound_to_loopback
    assert settings.auth == "keys"
    assert settings.resolved_database_url.startswith("sqlite:///")


def test_a_milvus_url_selects_the_index() -> None:
    assert Settings(index_url="milvus://host/gallery").engine.name == "milvus"
    assert Settings().engine.name == "auto"
    assert "hush" not in repr(Settings(index_url="milvus://me:hush@host"))
    with pytest.raises(ValidationError, match="FACET_INDEX_URL"):
        Settings(index="milvus")


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"port": 8000, "operations_port": 8000}, True),
        ({"port": 8000, "operations_port": 8000, "operations_host": "127.0.0.1"}, True),
        ({"host": "::", "port": 8, "operations_port": 8, "operations_host": "::1"}, True),
        ({"host": "10.0.0.1", "port": 8, "operations_port": 8, "operations_host": "::"}, True),
        ({"host": "10.0.0.1", "port": 8, "operations_port": 8, "operations_host": "::1"}, False),
        ({"port": 8000, "operations_port": 8001}, False),
        ({"port": 0, "operations_port": 0}, False),
    ],
)
def test_one_port_cannot_be_two_listeners(given: dict[str, Any], refused: bool) -> None:
    if refused:
        with pytest.raises(ValidationError, match="one port cannot be both"):
            Settings(**given)
    else:
        Settings(**given)


@pytest.mark.parametrize(
    ("url", "full"),
    [
        ("postgresql://facet@db/facet", "postgresql://facet:p%40ss%2F@db/facet"),
        ("postgresql://facet:own@db/facet", "postgresql://facet:own@db/facet"),
        ("postgresql://db/facet", "postgresql://db/facet"),
        ("sqlite:////tmp/a@b.db", "sqlite:////tmp/a@b.db"),
    ],
)
def test_a_password_from_elsewhere_completes_the_url(url: str, full: str) -> None:
    settings = Settings(database_url=url, database_password="p@ss/")
    assert settings.resolved_database_url == full
    assert "p@ss" not in repr(settings)
