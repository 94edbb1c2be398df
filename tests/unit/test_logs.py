"""What log lines say of an error, and what they do not."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from app import logs

NAME = "Grace Hopper"
SECRET = "facet_0123456789abcdef_" + "x" * 43


@pytest.fixture(params=["console", "json"])
def form(request: pytest.FixtureRequest) -> Literal["console", "json"]:
    chosen: Literal["console", "json"] = request.param
    return chosen


@pytest.fixture
def written(
    form: Literal["console", "json"], monkeypatch: pytest.MonkeyPatch
) -> Iterator[io.StringIO]:
    lines = io.StringIO()
    monkeypatch.setattr("sys.stderr", lines)
    root = logging.getLogger()
    before = list(root.handlers), root.level
    logs.configure_logging(form)
    yield lines
    logging.captureWarnings(False)
    root.handlers, root.level = before
    structlog.reset_defaults()


def _fails(authorization: str, name: str) -> None:
    body = {"authorization": authorization, "name": name}
    raise RuntimeError(f"{len(body)} fields")


def test_a_traceback_shows_no_variables(written: io.StringIO) -> None:
    try:
        _fails(SECRET, NAME)
    except RuntimeError:
        structlog.get_logger("app").exception("failed")
    text = written.getvalue()
    assert "RuntimeError: 2 fields" in text
    assert SECRET[:30] not in text
    assert NAME not in text
    assert len(text) < 5_000


def test_the_server_does_not_repeat_what_the_application_told(written: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=True)
    logging.getLogger("uvicorn.error").error("something else")
    assert "ASGI" not in written.getvalue()
    assert "something else" in written.getvalue()


def test_warnings_are_lines_like_others(written: io.StringIO, form: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("decompression bomb", stacklevel=1)
    assert "decompression bomb" in written.getvalue()
    if form == "json":
        assert [json.loads(line) for line in written.getvalue().splitlines() if line.strip()]
