"""Fetching of weights as a job: what is known of it before it runs."""

from pydantic.dataclasses import dataclass

from app.domain.jobs import JobKind
from app.services.jobs.parameters import KIND

MODEL_PULL = JobKind("model-pull", timeout=6 * 3600, attempts=3, alone_by="model")
"""Job whose arrived bytes are kept, so an attempt that died goes on from there."""


@dataclass(frozen=True, config=KIND)
class ModelPullParameters:
    """The model whose weights are fetched."""

    model: str
    """Its key."""
    accept_licence: bool = False
    """Whether who asked has accepted terms that restrict."""
