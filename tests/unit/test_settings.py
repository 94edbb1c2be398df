"""Settings and the guard on switched-off auth."""

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
    assert Settings(index_url="milvus://host/gallery").resolved_index == "milvus"
    assert Settings().resolved_index == "auto"
    assert "secret" not in repr(Settings(index_url="milvus://me:secret@host"))
    with pytest.raises(ValidationError, match="FACET_INDEX_URL"):
        Settings(index="milvus")
