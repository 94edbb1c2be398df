"""The job that checks a large gallery."""

from app.answers.upkeep.health import Health
from app.domain.jobs import JobFile
from app.jobs.orders import Order, Report, counted
from app.services.jobs.parameters import from_json
from app.services.people.health import Health as HealthChecks
from app.services.people.health import HealthParameters


class HealthJob:
    """Looks and changes nothing, so that it may be done again."""

    def __init__(self, health: HealthChecks) -> None:
        self._health = health

    def __call__(self, order: Order, report: Report) -> JobFile:
        """The report as JSON. Raises UnknownCollectionError."""
        wanted = from_json(HealthParameters, order.parameters)
        show = counted(report, "faces are compared")
        checked = self._health.check_by_id(wanted.collection_id, wanted.listed, show)
        return JobFile("application/json", Health.of(checked).model_dump_json().encode())
