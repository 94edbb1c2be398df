"""Structured logs, to standard error."""

import logging
import os
import sys
import threading
from types import TracebackType
from typing import Literal, TextIO

import structlog

from app.platform.failures import Failure, failure_text, was_logged

_FORM = "FACET_LOG_FORMAT"
_log = structlog.get_logger("app")


def inherited_form() -> Literal["console", "json"]:
    """The form that this process was told by its environment."""
    return "json" if os.environ.get(_FORM) == "json" else "console"


def configure_logging(form: Literal["console", "json"]) -> None:
    """Send every log line, the libraries' too, to standard error in one form.

    Processes that this one starts inherit the form.

    Bodies, keys and templates are never given to a logger, and tracebacks show no variables: these
    hold requests with their keys and people, and rendering them takes minutes. Python's warnings
    and errors that nobody catches are lines like all others.
    """
    os.environ[_FORM] = form
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=_write_failure
    )
    if form == "json":
        shared.append(structlog.processors.ExceptionRenderer(failure_text))
        renderer = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a line that cannot be written is not told beside the log
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    for chatty in ("uvicorn", "app"):
        logging.getLogger(chatty).setLevel(logging.INFO)
    _log_what_nobody_catches()


def _log_what_nobody_catches() -> None:
    """Errors that end a thread or the process, or happen where none can be raised."""

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, Exception):
            _log.critical("uncaught-error", exc_info=(kind, error, trace))
        else:
            sys.__excepthook__(kind, error, trace)

    def in_thread(what: threading.ExceptHookArgs) -> None:
        if what.exc_value is not None and isinstance(what.exc_value, Exception):
            _log.error("thread-died", exc_info=what.exc_value)

    def unraisable(what: "sys.UnraisableHookArgs") -> None:
        _log.error("error-while-cleaning-up", exc_info=what.exc_value)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable


def _write_failure(stream: TextIO, failure: Failure) -> None:
    stream.write("\n" + failure_text(failure))


def _is_news(record: logging.LogRecord) -> bool:
    """Whether the application has not logged it: its errors reach the server once more."""
    error = record.exc_info[1] if record.exc_info else None
    return error is None or not was_logged(error)
