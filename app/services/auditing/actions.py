"""Every use case and whether its calls are recorded. Documents of the record are made of it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.services.auditing.facts import (
    collection_named,
    collection_of,
    detail,
    detail_number,
    face,
)
from app.services.auditing.recording import Action, Arguments, identifier
from app.services.auditing.trail import Doing
from app.services.auditing.upkeep_actions import UPKEEP


def _changed_fields(doing: Doing, given: Arguments) -> None:
    """Only which: values may name people."""
    doing.details["changed"] = sorted(map(str, given["changes"]))


def _collection_changes(doing: Doing, given: Arguments) -> None:
    doing.collection = identifier(given["name"])
    _changed_fields(doing, given)


def _absorbed(doing: Doing, given: Arguments) -> None:
    doing.details["absorbed"] = identifier(given["absorbed_id"])


def _moved_faces(doing: Doing, given: Arguments) -> None:
    doing.face_ids = tuple(given["face_ids"])


def _corrected(doing: Doing, corrected: Any) -> None:
    subject, operation = corrected.subject.subject, corrected.operation
    doing.subject_id, doing.collection_id = subject.id, subject.collection_id
    doing.details |= {"moved": corrected.moved, "operation": operation.id if operation else None}


def _named(doing: Doing, named: Any) -> None:
    doing.subject_id = named.subject.subject.id
    doing.face_ids = tuple(named.face_ids)


def _undone(doing: Doing, undone: Any) -> None:
    doing.subject_id = undone.operation.subject_id
    doing.details |= {
        "moved": undone.moved,
        "restored": undone.restored_subject_id,
        "removed": undone.removed_subject_id,
    }


def _recognized(doing: Doing, given: Arguments) -> None:
    doing.subject_id = None


def _faces_found(doing: Doing, analysis: Any) -> None:
    doing.details["found"] = len(analysis.faces)


def _made_subject(doing: Doing, counted: Any) -> None:
    doing.subject_id, doing.collection_id = counted.subject.id, counted.subject.collection_id


def _made_collection(doing: Doing, collection: Any) -> None:
    doing.collection, doing.collection_id = collection.name, collection.id


def _enrolled(doing: Doing, outcome: Any) -> None:
    if outcome.replayed is not None:
        doing.outcome = "replayed"
        return
    new = [one.face for one in outcome.results if one.face is not None and not one.repeated]
    doing.face_ids = tuple(face.id for face in new)
    codes = sorted({one.error.slug for one in outcome.results if one.error is not None})
    repeated = sum(one.repeated for one in outcome.results)
    doing.details |= {"pictures": len(outcome.results), "repeated": repeated, "refused": codes}


def _pictured(doing: Doing, enrolment: Any) -> None:
    doing.face_ids = tuple(one.enrolled.face.id for one in enrolment.taken)
    doing.details["left_out"] = len(enrolment.left_out)


def _moved(doing: Doing, moved: Any) -> None:
    doing.subject_id, doing.face_ids = moved.user.subject.id, moved.moved


def _erased(doing: Doing, receipt: Any) -> None:
    doing.details |= {"removed": asdict(receipt.removed), "receipt": receipt.receipt_id}
    if receipt.erased == "collection":
        doing.collection_id = receipt.id


def _made_key(doing: Doing, made: Any) -> None:
    key, _ = made
    doing.collection_id = key.collection_id
    doing.details |= {"key": key.id, "scopes": list(key.scopes)}


def _job(doing: Doing, job: Any) -> None:
    doing.collection_id = job.collection_id
    doing.details |= {"job": job.id, "kind": job.kind}


def _opened(doing: Doing, work: Any) -> None:
    doing.collection_id = work.collection.id


def _stored(doing: Doing, given: Arguments) -> None:
    work = given["work"]
    doing.collection, doing.collection_id = work.collection.name, work.collection.id
    doing.details["faces"] = sum(one.face is not None for one in given["page"])


def _expired(doing: Doing, done: Any) -> None:
    doing.details["subjects"] = len(done)


def _rejected(doing: Doing, rejected: Any) -> None:
    doing.details["rejected"] = len(rejected)


def _reencoded(doing: Doing, result: Any) -> None:
    doing.details |= {"switched": result.switched, "to": result.plan.encoder}


ACTIONS: Mapping[str, Mapping[str, Action | None]] = {
    "collections": {
        "create": Action("create-collection", collection_named("name"), _made_collection),
        "update": Action("change-collection", _collection_changes),
        "default_encoder": None,
        "get": None,
        "list": None,
        "sizes": None,
        "usage": None,
    },
    "subjects": {
        "create": Action("create-subject", None, _made_subject),
        "update": Action("change-subject", _changed_fields),
        "get": Action("get-subject", read=True),
        "find": Action("find-subject", read=True),
        "list": Action("list-subjects", read=True),
        "names": Action("list-subjects", read=True),
        "get_or_create": None,
    },
    "corrections": {
        "move_faces": Action("move-faces", _moved_faces, _corrected),
        "split": Action("split-subject", _moved_faces, _corrected),
        "merge": Action("merge-subjects", _absorbed, _corrected),
        "undo": Action("undo-operation", detail("operation_id"), _undone),
        "list": Action("list-operations", read=True),
        "forget_old": None,
    },
    "faces": {
        "get": Action("get-face", face, read=True),
        "list": Action("list-faces", read=True),
        "page": Action("list-faces", read=True),
        "named": Action("list-faces", read=True),
        "image": Action("get-picture", face, read=True),
    },
    "enroller": {"enrol": Action("enroll", None, _enrolled), "enrol_found": None},
    "named_enroller": {"enrol": None},
    "recording_enroller": {"enrol": Action("enroll", None, _enrolled)},
    "verifier": {
        "compare": Action("verify"),
        "compare_with_all": Action("verify"),
        "claim": Action("verify"),
        "claim_face": Action("verify", face),
    },
    "recognizer": {"recognize": Action("recognize", _recognized)},
    "given_embeddings": {
        "recognize": Action("recognize"),
        "claim_face": Action("verify", face),
        "compare": Action("verify"),
    },
    "recording_recognizer": {"recognize": Action("recognize", _recognized)},
    "detection": {
        "detect": Action("detect", None, _faces_found),
        "embed": Action("embed", None, _faces_found),
    },
    "dates": {"read": None, "picture": None},
    "erasure": {
        "face": Action("erase-face", face, _erased),
        "faces": Action("erase-faces", _moved_faces, _erased),
        "faces_of": Action("erase-faces", None, _erased),
        "contents": Action("erase-contents", collection_named("name"), _erased),
        "subject": Action("erase-subject", None, _erased),
        "collection": Action("erase-collection", collection_named("name"), _erased),
    }
    | dict.fromkeys(("sweep", "sweep_if_due", "finish", "empty_log", "copy_ledger")),
    "receipts": {
        "list": Action("list-receipts", read=True),
        "get": Action("get-receipt", detail("receipt_id"), read=True),
    }
    | dict.fromkeys(("issue", "public_keys", "is_genuine", "seal_anew")),
    "subject_rights": {
        "get": Action("get-rights", read=True),
        "change": Action("change-rights", _changed_fields),
    },
    "retention": {"run": Action("run-retention", None, _expired), "enforce": None},
    "subject_exporter": {"export": Action("export-subject")},
    "reencoder": {
        "run": Action("reencode-collection", collection_of("plan"), _reencoded),
        "discard": Action("discard-reencoding", collection_of("plan")),
        "plan": None,
        "resume": None,
    },
    "importer": {"run": Action("import-pictures")},
    "unnamed_importer": {"run": Action("import-unnamed")},
    "groups": {
        "refresh": Action("group-faces"),
        "list": Action("list-groups", read=True),
        "assign": Action("name-group", detail("group_id"), _named),
        "discard": Action("discard-group", detail("group_id")),
        "image": Action("get-picture", detail_number("sighting_id"), read=True),
    },
    "events": dict.fromkeys(("wanted", "begin", "since", "forget_old")),
    **UPKEEP,
    "exporter": {"pages": Action("export-collection", collection_of("collection"))},
    "collection_importer": {
        "open": Action("import-collection", collection_of("exported"), _opened),
        "store": Action("import-faces", _stored, _rejected),
        "finish": None,
    },
    "jobs": {
        "submit": Action("submit-job", None, _job),
        "cancel": Action("cancel-job", detail("job_id"), _job),
        "result": Action("get-job-result", detail("job_id"), read=True),
        "erase_result": Action("erase-job-result", detail("job_id"), _job),
        "get": None,
        "list": None,
        "news": None,
        "queue": None,
    },
    "keys": {
        "create": Action("create-key", None, _made_key),
        "rotate": Action("rotate-key", detail("key_id"), _made_key),
        "limit": Action("limit-key", detail("key_id")),
        "revoke": Action("revoke-key", detail("key_id")),
        "list": Action("list-keys", read=True),
        "page": Action("list-keys", read=True),
        "get": None,
        "authenticate": None,
        "check": None,
        "note_use": None,
    },
    "protector": {"run": Action("protect"), "plan": None},
    "picture_mover": {"run": Action("move-pictures"), "plan": None},
    "styles": {
        "create": Action("create-style"),
        "remove": Action("delete-style"),
        "list": None,
        "get": None,
        "picture": None,
    },
    "style_transfers": {"order": None},
    "signed_requests": {"authenticate": None, "check_body": None},
    "picture_enroller": {"enroll": Action("enroll", None, _pictured)},
    "enrolled_searcher": {
        "like_face": Action("recognize", face),
        "like_subject": Action("recognize"),
        "alike": None,
    },
    "labelled_faces": {"list": Action("list-faces", read=True)}
    | dict.fromkeys(("of_ids", "count_users", "named_among")),
    "users": {
        "create": Action("create-subject"),
        "delete": Action("release-subject", detail("user_id")),
        "associate": Action("move-faces", _moved_faces, _moved),
        "disassociate": Action("move-faces", _moved_faces, _moved),
        "list": Action("list-subjects", read=True),
        "get": Action("get-subject", read=True),
    },
    "tags": {"put": Action("change-collection"), "remove": Action("change-collection"), "of": None},
}
"""By use case and method. None: it is about nobody, or a part of one that is recorded."""
