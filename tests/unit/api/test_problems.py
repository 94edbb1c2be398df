"""The table from slugs to statuses is complete, and only the server's own trouble is a 5xx."""

import errno
import importlib
import pkgutil

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import app.api
from app.api.kit import problems
from app.api.kit.problems import STATUS
from models.errors import ReportedError


def _slugs(kind: type[ReportedError]) -> set[str]:
    """Of everything the service can raise; `training` has errors of its own."""
    kinds = [sub for sub in kind.__subclasses__() if not sub.__module__.startswith("training.")]
    return {kind.slug} | {slug for sub in kinds for slug in _slugs(sub)}


def test_every_error_has_a_status() -> None:
    for module in pkgutil.walk_packages(app.api.__path__, "app.api."):
        importlib.import_module(module.name)
    importlib.import_module("models.registry.errors")
    assert _slugs(ReportedError) - {"error"} - set(STATUS) == set()


def test_only_passing_trouble_of_the_server_is_a_503() -> None:
    assert {code for code, status in STATUS.items() if status >= 500} == {
        "overloaded",
        "queue-full",
        "deadline-exceeded",
        "storage-full",
        "storage-read-only",
        "database-locked",
        "database-unavailable",
        "index-unavailable",
        "weights-missing",
        "checksum-mismatch",
        "download-failed",
        "invalid-manifest",
        "invalid-weights",
        "internal-error",
    }


@pytest.mark.parametrize(
    ("code", "slug"),
    [
        (errno.ENOSPC, "storage-full"),
        (errno.EDQUOT, "storage-full"),
        (errno.EFBIG, "storage-full"),
        (errno.EACCES, "internal-error"),
    ],
)
def test_a_full_disk_is_told_wherever_it_is_met(code: int, slug: str) -> None:
    application = FastAPI()
    problems.install(application)

    @application.get("/")
    def write() -> None:
        raise OSError(code, "whatever the system says", "/some/where")

    with TestClient(application, raise_server_exceptions=False) as client:
        answer = client.get("/")
    assert (answer.json()["code"], answer.status_code) == (slug, STATUS[slug])
    assert "/some" not in answer.text
    assert ("Retry-After" in answer.headers) == (slug == "storage-full")
