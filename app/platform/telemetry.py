"""Metrics of the service about itself, for Prometheus."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from app.platform.shared_metrics import are_shared, first_process

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter(
    "facet_requests_total", "HTTP requests by route and status.", ["method", "route", "status"]
)
REQUEST_SECONDS = Histogram(
    "facet_request_seconds", "Time to answer by route.", ["method", "route"], buckets=_SECONDS
)
STAGE_SECONDS = Histogram(
    "facet_stage_seconds",
    "Time by stage: decode, detect, encode (alignment included), masks, search, store.",
    ["stage"],
    buckets=_SECONDS,
)
BATCH_ROWS = Histogram(
    "facet_batch_rows",
    "Pictures of one forward pass that requests share (a face counts twice with its mirror image).",
    buckets=(1, 2, 4, 8, 16, 32),
)
PROCESSES = Gauge(
    "facet_server_processes", "Processes of the server that answer.", multiprocess_mode="livesum"
)
CLOSED_CONNECTIONS = Counter(
    "facet_closed_connections_total",
    "Connections that the server ended for its limits, by reason.",
    ["reason"],
)
QUEUE_DEPTH = Gauge(
    "facet_queue_depth", "Requests waiting for a worker.", multiprocess_mode="livesum"
)
BUSY_WORKERS = Gauge(
    "facet_busy_workers", "Requests being analysed right now.", multiprocess_mode="livesum"
)
JOB_SECONDS = Histogram(
    "facet_job_seconds",
    "Time from claim to end of jobs that ran in this process, by kind and outcome.",
    ["kind", "state"],
    buckets=(1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 3600),
)
AUDIT_UNWRITTEN = Counter(
    "facet_audit_unwritten_total",
    "Entries of the audit record that could not be written at once; they wait in memory.",
)
DECISIONS = Counter(
    "facet_decisions_total",
    "Decisions about faces, by what was asked and how it was decided.",
    ["action", "outcome"],
)
NUMBERS_WITHHELD = Counter(
    "facet_numbers_withheld_total",
    "Similarities to enrolled faces that a key was not given, having got as many as it may.",
)
REMOVED_ROWS = Counter(
    "facet_removed_rows_total", "Rows that were kept long enough, by table.", ["table"]
)
SIGHTINGS = Counter(
    "facet_sightings_total", "Recognized faces that were kept as sightings.", ["decision"]
)
SIGHTINGS_LEFT_OUT = Counter(
    "facet_sightings_left_out_total",
    "Faces that should have been kept as sightings and were not, by reason.",
    ["reason"],
)
STALE_INDEX_HITS = Counter(
    "facet_stale_index_hits_total", "Search hits dropped because SQL does not know the face."
)
RECALL_SAMPLES = Counter(
    "facet_recall_samples_total",
    "Searches of big collections made again exactly, by whether the index had found the best.",
    ["outcome"],
)
SAMPLED_RECALL = Gauge(
    "facet_sampled_recall",
    "Share of those that it had found, since start.",
    multiprocess_mode="livemostrecent",
)


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


def counted() -> CollectorRegistry:
    """The counts of this process, or of all processes of the server if they share their metrics.

    Of a server's processes, memory and processor time are told of the first.
    """
    if not are_shared():
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    ProcessCollector(pid=first_process, registry=registry)
    return registry


def forget_process(process: int) -> None:
    """Leave a process that has ended out of sums over living ones."""
    if are_shared():
        mark_process_dead(process)  # type: ignore[no-untyped-call]
