"""A kind of job, as its worker sees it: an order in, progress on the way, a file out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.jobs import JobFile


@dataclass(frozen=True, slots=True)
class Order:
    """One job as its handler sees it."""

    job_id: str
    parameters: Mapping[str, Any]
    inputs: Mapping[str, JobFile]


class Report(Protocol):
    """Tells how far the work is; call it as often as you like."""

    def __call__(
        self,
        fraction: float,
        message: str = "",
        *,
        preview: JobFile | None = None,
        **data: Any,
    ) -> None:
        """`fraction` in [0, 1]; `preview` a small picture, `data` figures as plain JSON."""


def counted(report: Report, what: str) -> Callable[[int, int], None]:
    """Progress told as `3 of 7 faces are compared`: takes how many are done, and of how many."""

    def show(done: int, total: int) -> None:
        share = done / total if total else 1.0
        report(share, f"{done} of {total} {what}", done=done, total=total)

    return show


class Handler(Protocol):
    """Does the work of a kind, in a process of its own that may be killed at any time."""

    def __call__(self, order: Order, report: Report) -> JobFile:
        """The result. Errors for people (ReportedError) become the job's failure."""


OpenHandler = Callable[[], Handler]
"""Makes a handler in the process that does the job. It has to be picklable."""
