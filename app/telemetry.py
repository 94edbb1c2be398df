"""What the service tells about itself: Prometheus metrics and structured logs."""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import structlog
from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter(
    "facet_requests_total", "HTTP requests by route and status.", ["method", "route", "status"]
)
REQUEST_SECONDS = Histogram(
    "facet_request_seconds", "Time to answer by route.", ["method", "route"], buckets=_SECONDS
)
STAGE_SECONDS = Histogram(
    "facet_stage_seconds",
    "Time by stage: decode, detect, encode (alignment included), search, store.",
    ["stage"],
    buckets=_SECONDS,
)
BATCH_ROWS = Histogram(
    "facet_batch_rows",
    "Pictures of one forward pass that requests share (a face counts twice with its mirror image).",
    buckets=(1, 2, 4, 8, 16, 32),
)
QUEUE_DEPTH = Gauge("facet_queue_depth", "Requests waiting for a worker.")
BUSY_WORKERS = Gauge("facet_busy_workers", "Requests being analysed right now.")
JOB_SECONDS = Histogram(
    "facet_job_seconds",
    "Time from claim to end of jobs that ran in this process, by kind and outcome.",
    ["kind", "state"],
    buckets=(1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 3600),
)
STALE_INDEX_HITS = Counter(
    "facet_stale_index_hits_total", "Search hits dropped because SQL does not know the face."
)
RECALL_SAMPLES = Counter(
    "facet_recall_samples_total",
    "Searches of big collections made again exactly, by whether the index had found the best.",
    ["outcome"],
)
SAMPLED_RECALL = Gauge("facet_sampled_recall", "Share of those that it had found, since start.")


def observe_stage(name: str, seconds: float) -> None:
    """Count one pass of a stage."""
    STAGE_SECONDS.labels(name).observe(seconds)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Time a stage of a request."""
    start = time.perf_counter()
    try:
        yield
    finally:
        observe_stage(name, time.perf_counter() - start)


def configure_logging(form: Literal["console", "json"]) -> None:
    """Send every log line, the libraries' too, to standard error in one form.

    Bodies, keys and templates are never given to a logger.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    if form == "json":
        shared.append(structlog.processors.format_exc_info)
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
    for chatty in ("uvicorn", "app"):
        logging.getLogger(chatty).setLevel(logging.INFO)
