"""The use cases of reviewing a gallery, and whether their calls are recorded."""

from collections.abc import Mapping
from typing import Any

from app.services.auditing.doing import Doing
from app.services.auditing.facts import detail
from app.services.auditing.recording import Action, Arguments


def _answered(doing: Doing, answered: Any) -> None:
    stored = answered.suggestion
    named = None if answered.subject is None else answered.subject.subject.id
    doing.collection_id = stored.collection_id
    doing.subject_id = named or stored.suggestion.subject_id
    doing.details |= {
        "kind": stored.suggestion.kind,
        "faces": answered.faces,
        "negatives": answered.negatives,
        "operation": answered.operation_id,
    }


def _denied_faces(doing: Doing, given: Arguments) -> None:
    doing.face_ids = tuple(given["face_ids"])
    doing.details["sightings"] = [int(one) for one in given["sighting_ids"]]


def _denied(doing: Doing, denied: Any) -> None:
    doing.details |= {"negatives": denied.negatives, "operation": denied.operation_id}


def _represented(doing: Doing, found: Any) -> None:
    doing.face_ids = (found.face.id,)
    doing.details |= {"chosen": found.chosen, "operation": found.operation_id}


REVIEW: Mapping[str, Mapping[str, Action | None]] = {
    "suggestions": {
        "find": Action("find-suggestions", read=True),
        "find_by_id": None,
        "find_of_groups": None,
        "plan": None,
    },
    "reviews": {
        "list": Action("list-suggestions", read=True),
        "accept": Action("accept-suggestion", detail("suggestion_id"), _answered),
        "refuse": Action("refuse-suggestion", detail("suggestion_id"), _answered),
    },
    "negatives": {
        "deny": Action("deny-faces", _denied_faces, _denied),
        "list": Action("list-negatives", read=True),
        "forget": Action("forget-negative", detail("negative_id")),
    },
    "representatives": {
        "get": Action("get-face", None, _represented, read=True),
        "choose": Action("choose-face", None, _represented),
    },
    "matcher": {"run": None},
    "checkups": {"run": None, "run_if_due": None},
}
"""By use case and method, see `app.services.auditing.actions`."""
