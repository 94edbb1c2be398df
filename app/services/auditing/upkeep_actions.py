"""The use cases that look after galleries, and whether their calls are recorded."""

from collections.abc import Mapping

from app.services.auditing.doing import Doing
from app.services.auditing.recording import Action, Arguments, identifier


def _calibration(doing: Doing, given: Arguments) -> None:
    doing.details["calibration_id"] = identifier(given["calibration_id"])


_CHECK = Action("check-health", read=True)

UPKEEP: Mapping[str, Mapping[str, Action | None]] = {
    "calibrations": {
        "propose": Action("calibrate-collection"),
        "accept": Action("accept-calibration", _calibration),
        "drop": Action("drop-calibration"),
        "propose_by_id": None,
        "show": None,
    },
    "health": {"check": _CHECK, "check_all": _CHECK, "check_by_id": _CHECK},
}
"""By use case and method, see `app.services.auditing.actions`."""
