"""The use cases that look after galleries, and whether their calls are recorded."""

from collections.abc import Mapping

from app.services.auditing.recording import Action

_CHECK = Action("check-health", read=True)

UPKEEP: Mapping[str, Mapping[str, Action | None]] = {
    "health": {"check": _CHECK, "check_all": _CHECK, "check_by_id": _CHECK},
}
"""By use case and method, see `app.services.auditing.actions`."""
