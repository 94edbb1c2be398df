"""The table of errors is complete, and only the server's own trouble is a 5xx."""

import errno
import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import app.api
from app.api.kit import failures
from app.api.kit.problem_kinds import PROBLEM_KINDS, STATUS
from app.api.kit.problems import RETRY_AFTER_SECONDS, problem_of_job
from app.api.kit.wire_format import Formats
from app.api.v1.wire_format import NATIVE
from app.domain.jobs import Failure
from models.errors import ReportedError

ROOT = Path(__file__).parents[3]


def _slugs(kind: type[ReportedError]) -> set[str]:
    """Of everything the service can raise; `training` has errors of its own."""
    kinds = [sub for sub in kind.__subclasses__() if not sub.__module__.startswith("training.")]
    return {kind.slug} | {slug for sub in kinds for slug in _slugs(sub)}


def test_the_table_has_every_error_and_no_other() -> None:
    for module in pkgutil.walk_packages(app.api.__path__, "app.api."):
        importlib.import_module(module.name)
    for path in (ROOT / "models").rglob("*.py"):
        if "slug = " in path.read_text(encoding="utf-8"):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    assert _slugs(ReportedError) - {"error"} == set(PROBLEM_KINDS)


def test_every_error_has_a_title_a_status_and_a_hint() -> None:
    for slug, kind in PROBLEM_KINDS.items():
        assert kind.title and kind.subject and kind.hint.endswith((".", "`.")), slug
        assert 400 <= kind.status < 600, slug
    assert set(RETRY_AFTER_SECONDS) <= {slug for slug, s in STATUS.items() if s in (429, 503)}


def test_only_passing_trouble_of_the_server_is_a_503() -> None:
    assert {code for code, status in STATUS.items() if status >= 500} == {
        "overloaded",
        "queue-full",
        "deadline-exceeded",
        "storage-full",
        "storage-read-only",
        "database-locked",
        "database-unavailable",
        "audit-unavailable",
        "images-unavailable",
        "images-of-another",
        "index-unavailable",
        "weights-missing",
        "checksum-mismatch",
        "download-failed",
        "invalid-manifest",
        "master-key-missing",
        "wrong-master-key",
        "seal-broken",
        "invalid-weights",
        "internal-error",
    }


@pytest.mark.parametrize(
    ("slug", "status"), [("no-face", 422), ("weights-missing", 409), ("of-another-version", 409)]
)
def test_a_failed_job_is_no_trouble_of_the_server_now(slug: str, status: int) -> None:
    problem = problem_of_job(Failure(slug, "It failed.", "", {}))
    assert (problem.code, problem.status) == (slug, status)
    assert problem.title and "Retry-After" not in problem.headers


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
    failures.install(application)
    nothing: Any = None
    application.add_middleware(
        failures.RequestBoundary, edge=nothing, formats=Formats([NATIVE], NATIVE)
    )

    @application.get("/")
    def write() -> None:
        raise OSError(code, "whatever the system says", "/some/where")

    with TestClient(application) as client:
        answer = client.get("/")
    assert (answer.json()["code"], answer.status_code) == (slug, STATUS[slug])
    assert "/some" not in answer.text
    assert ("Retry-After" in answer.headers) == (slug == "storage-full")
