"""The job that runs a collection's retention."""

from pydantic.dataclasses import dataclass

from app.domain.jobs import JobKind
from app.services.jobs.parameters import KIND

RETENTION = JobKind("run-retention", timeout=3600, attempts=2, exclusive=True)


@dataclass(frozen=True, config=KIND)
class RetentionParameters:
    """The collection to run it for, and how many subjects to erase at most."""

    collection_id: str
    limit: int | None = None
