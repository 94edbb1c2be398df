"""Messages from the process of a job to its worker."""

from dataclasses import dataclass

from app.domain.jobs import Failure, JobFile, Progress


@dataclass(frozen=True, slots=True)
class Reported:
    """The work goes on."""

    progress: Progress
    preview: JobFile | None


@dataclass(frozen=True, slots=True)
class Ended:
    """The work is over; `trace` is there when nobody expected the failure."""

    outcome: JobFile | Failure
    trace: str = ""
