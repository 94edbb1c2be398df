"""Health, readiness and metrics, for machines that look after the service."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import BaseModel, ConfigDict

from app.api.edge import Edge
from app.domain.errors import FacetError
from app.platform.telemetry import counted
from app.services.jobs.queue import Jobs
from app.services.operations import Operations

_METRICS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/plain": {"example": 'facet_faces{collection="staff"} 12.0'}},
        "description": "Prometheus text format.",
    }
}


class Health(BaseModel):
    """The process answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})

    status: str = "ok"


class Ready(BaseModel):
    """The readiness for requests, and what is missing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"ready": True, "checks": {"database": "ok", "index": "ok", "models": "ok"}}
            ]
        }
    )

    ready: bool
    checks: dict[str, str]


class GallerySizes(Collector):
    """Faces per collection, asked of SQL whenever metrics are scraped."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(
            "facet_faces", "Enrolled faces by collection.", labels=["collection"]
        )
        try:
            for collection, faces in self._operations.faces_per_collection().items():
                family.add_metric([collection], faces)
        except FacetError:
            # The other metrics matter most while the database is in trouble.
            return
        yield family


class Queue(Collector):
    """Jobs by kind and state, whichever process runs them."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(
            "facet_jobs", "Jobs by kind and state.", labels=["kind", "state"]
        )
        try:
            queue = self._jobs.queue()
        except FacetError:
            return
        for (kind, state), count in queue.counts.items():
            family.add_metric([kind, state], count)
        yield family
        yield GaugeMetricFamily(
            "facet_job_waiting_seconds",
            "How long the job has waited that waits longest.",
            queue.waiting_seconds,
        )


_NOT_READY: dict[int | str, dict[str, Any]] = {503: {"model": Ready, "description": "Not ready."}}


def router(edge: Edge) -> APIRouter:
    """Health and readiness, and the metrics unless they are switched off."""
    made = APIRouter(tags=["operations"])
    operations = edge.use_cases.operations

    @made.get("/healthz")
    async def healthz() -> Health:
        """The process is alive."""
        return Health()

    @made.get("/readyz", response_model=Ready, responses=_NOT_READY)
    def readyz() -> Response:
        """Database, index and networks are there."""
        state = operations.readiness()
        answer = Ready(ready=state.ready, checks=dict(state.checks))
        headers = {} if state.ready else {"Retry-After": "5"}
        return JSONResponse(answer.model_dump(), 200 if state.ready else 503, headers)

    if edge.settings.metrics == "on":
        made.include_router(_metrics(edge), include_in_schema=not edge.settings.operations_port)
    return made


def _metrics(edge: Edge) -> APIRouter:
    made = APIRouter()
    stored = CollectorRegistry()
    stored.register(GallerySizes(edge.use_cases.operations))
    stored.register(Queue(edge.use_cases.jobs))

    @made.get("/metrics", response_class=Response, responses=_METRICS)
    def metrics() -> Response:
        """Prometheus metrics."""
        return Response(
            generate_latest(counted()) + generate_latest(stored), media_type=CONTENT_TYPE_LATEST
        )

    return made
