"""What log lines say of an error, and what they do not."""

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Literal

import pydantic
import pytest
import structlog

from app.platform import failures, logs

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
    monkeypatch.setenv("FACET_LOG_FORMAT", form)
    root = logging.getLogger()
    before = list(root.handlers), root.level
    for module, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, name, getattr(module, name))  # they come back afterwards
    logs.configure_logging(form)
    yield lines
    logging.captureWarnings(False)
    logging.raiseExceptions = True
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


def test_warnings_are_lines_like_others(written: io.StringIO, form: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("decompression bomb", stacklevel=1)
    assert "decompression bomb" in written.getvalue()
    if form == "json":
        assert [json.loads(line) for line in written.getvalue().splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("error", "kept", "hidden"),
    [
        (KeyError(NAME), "KeyError: ...", NAME),
        (ValueError(f"can't read {NAME!r}, isn't it"), "can't read ..., isn't it", NAME),
        (ValueError({"name": "O'Brien", "n": [NAME]}), "ValueError: {...: ...", "Brien"),
        (RuntimeError(f"refused: Bearer {SECRET}"), "refused: Bearer ...", SECRET[:20]),
        (RuntimeError("no bytes: " + "QUJD" * 20), "no bytes: ...", "QUJD"),
        (
            RuntimeError(f"x\nDETAIL:  Key (name)=({NAME}) already exists."),
            "Key (name)=(...)",
            NAME,
        ),
        (OSError(28, "No space left on device", "/x/Grace"), "No space left on device", "Grace"),
        (RuntimeError("9 fields of 8"), "9 fields of 8", NAME),
    ],
)
def test_messages_are_told_without_the_values_they_quote(
    written: io.StringIO, error: Exception, kept: str, hidden: str
) -> None:
    try:
        raise error
    except Exception as raised:
        structlog.get_logger("app").error("failed", exc_info=raised)
    assert kept in written.getvalue()
    assert hidden not in written.getvalue()


def test_errors_of_models_are_told_without_what_was_given(written: io.StringIO) -> None:
    class Person(pydantic.BaseModel):
        age: int

    try:
        Person.model_validate({"age": NAME})
    except ValueError as raised:
        structlog.get_logger("app").error("failed", exc_info=raised)
    assert "valid integer" in written.getvalue()
    assert NAME not in written.getvalue()
    assert "input_value=..." in written.getvalue()


def test_the_server_tells_what_the_application_did_not(written: io.StringIO) -> None:
    untold, reported = RuntimeError("in a middleware"), RuntimeError("in a route")
    failures.note_logged(reported)
    for error in (untold, reported):
        logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=error)
    assert "in a middleware" in written.getvalue()
    assert "in a route" not in written.getvalue()
