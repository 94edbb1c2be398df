"""Re-encoding as a job: what is known of it before it runs."""

from pydantic.dataclasses import dataclass

from app.domain.jobs import JobKind
from app.services.jobs.parameters import KIND

REENCODING = JobKind("reencoding", timeout=7 * 24 * 3600, attempts=3, exclusive=True)


@dataclass(frozen=True, config=KIND)
class ReencodingParameters:
    """The collection that is moved, and its new encoder."""

    collection_id: str
    encoder: str
    """Model key."""
    collection: str = ""
    """Its name when the job was made, for people."""
    erase_left_out: bool = False
    """Whether faces that cannot be encoded anew are erased."""
