"""Renewals as jobs: what is known of one before it runs."""

from pydantic.dataclasses import dataclass

from app.domain.jobs import JobKind
from app.services.jobs.parameters import KIND

RENEWAL = JobKind("renewal", timeout=7 * 24 * 3600, attempts=3, exclusive=True)


@dataclass(frozen=True, config=KIND)
class RenewalParameters:
    """The collection whose templates are protected anew, and the version they get."""

    collection_id: str
    version: int
    collection: str = ""
    """Its name when the job was made, for people."""
