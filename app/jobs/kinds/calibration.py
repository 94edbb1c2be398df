"""The job that calibrates a gallery on its own people."""

from app.answers.upkeep.calibration import Calibrations
from app.domain.jobs import JobFile
from app.jobs.orders import Order, Report, counted
from app.services.jobs.parameters import from_json
from app.services.people.calibrating import CalibrationParameters
from app.services.people.calibrating import Calibrations as CalibrationCases


class CalibrationJob:
    """Proposes and decides nothing, so that it may be done again."""

    def __init__(self, calibrations: CalibrationCases) -> None:
        self._calibrations = calibrations

    def __call__(self, order: Order, report: Report) -> JobFile:
        """The proposal as JSON. Raises UnknownCollectionError and TooFewSubjectsError."""
        wanted = from_json(CalibrationParameters, order.parameters)
        show = counted(report, "faces are compared")
        made = self._calibrations.propose_by_id(wanted.collection_id, show)
        return JobFile("application/json", Calibrations.of(made).model_dump_json().encode())
