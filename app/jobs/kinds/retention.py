"""The job that erases whose time is over."""

from app.answers.duties.rights import RetentionRun
from app.domain.jobs import JobFile
from app.jobs.orders import Order, Report, counted
from app.services.duties.retention import Retention
from app.services.jobs.parameters import from_json
from app.services.people.retention_jobs import RetentionParameters


class RetentionJob:
    """Each subject goes in one transaction with its receipt, so that it may be done again."""

    def __init__(self, retention: Retention) -> None:
        self._retention = retention

    def __call__(self, order: Order, report: Report) -> JobFile:
        """The run as JSON, with the ids of receipts. Raises UnknownCollectionError."""
        wanted = from_json(RetentionParameters, order.parameters)
        show = counted(report, "subjects are erased")
        erased = self._retention.run_by_id(wanted.collection_id, show, limit=wanted.limit)
        run = RetentionRun.of(erased, dry_run=False)
        return JobFile("application/json", run.model_dump_json().encode())
