"""Facts about recorded calls, from what they were given and what they gave."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from app.services.auditing.doing import Doing
from app.services.auditing.recording import Arguments, identifier


def collection_named(argument: str) -> Callable[[Doing, Arguments], None]:
    """The collection whose name stands in an argument."""

    def know(doing: Doing, given: Arguments) -> None:
        doing.collection = identifier(given[argument])

    return know


def collection_of(argument: str) -> Callable[[Doing, Arguments], None]:
    """The collection that an argument is, or has."""

    def know(doing: Doing, given: Arguments) -> None:
        collection: Any = getattr(given[argument], "collection", given[argument])
        doing.collection, doing.collection_id = identifier(collection.name), collection.id

    return know


def detail(*arguments: str) -> Callable[[Doing, Arguments], None]:
    """Ids in arguments."""

    def know(doing: Doing, given: Arguments) -> None:
        doing.details |= {name: identifier(given[name]) for name in arguments}

    return know


def detail_number(argument: str) -> Callable[[Doing, Arguments], None]:
    """A number in an argument."""

    def know(doing: Doing, given: Arguments) -> None:
        doing.details[argument] = int(given[argument])

    return know


def face(doing: Doing, given: Arguments) -> None:
    doing.face_ids = (given["face_id"],)


def wanted_subject(doing: Doing, given: Arguments) -> None:
    doing.subject_id = identifier(given["wanted"].subject_id)


def changed_fields(doing: Doing, given: Arguments) -> None:
    """Only which: values may name people."""
    doing.details["changed"] = sorted(map(str, given["changes"]))


def collection_changes(doing: Doing, given: Arguments) -> None:
    doing.collection = identifier(given["name"])
    changed_fields(doing, given)


def absorbed(doing: Doing, given: Arguments) -> None:
    doing.details["absorbed"] = identifier(given["absorbed_id"])


def moved_faces(doing: Doing, given: Arguments) -> None:
    doing.face_ids = tuple(given["face_ids"])


def corrected(doing: Doing, corrected: Any) -> None:
    subject, operation = corrected.subject.subject, corrected.operation
    doing.subject_id, doing.collection_id = subject.id, subject.collection_id
    doing.details |= {"moved": corrected.moved, "operation": operation.id if operation else None}


def named(doing: Doing, named: Any) -> None:
    doing.subject_id = named.subject.subject.id
    doing.face_ids = tuple(named.face_ids)
    doing.details["operation"] = named.operation_id


def undone(doing: Doing, undone: Any) -> None:
    doing.subject_id = undone.operation.subject_id
    doing.details |= {
        "moved": undone.moved,
        "restored": undone.restored_subject_id,
        "removed": undone.removed_subject_id,
        "group": undone.group_id,
    }


def changed_group(doing: Doing, changed: Any) -> None:
    doing.collection_id = changed.group.collection_id
    doing.details["operation"] = changed.operation_id


def recognized(doing: Doing, given: Arguments) -> None:
    doing.subject_id = None


def faces_found(doing: Doing, analysis: Any) -> None:
    doing.details["found"] = len(analysis.faces)


def made_subject(doing: Doing, counted: Any) -> None:
    doing.subject_id, doing.collection_id = counted.subject.id, counted.subject.collection_id


def made_collection(doing: Doing, collection: Any) -> None:
    doing.collection, doing.collection_id = collection.name, collection.id


def enrolled(doing: Doing, outcome: Any) -> None:
    if outcome.replayed is not None:
        doing.outcome = "replayed"
        return
    new = [one.face for one in outcome.results if one.face is not None and not one.repeated]
    doing.face_ids = tuple(face.id for face in new)
    codes = sorted({one.error.slug for one in outcome.results if one.error is not None})
    repeated = sum(one.repeated for one in outcome.results)
    doing.details |= {"pictures": len(outcome.results), "repeated": repeated, "refused": codes}


def pictured(doing: Doing, enrolment: Any) -> None:
    doing.face_ids = tuple(one.enrolled.face.id for one in enrolment.taken)
    doing.details["left_out"] = len(enrolment.left_out)


def released(doing: Doing, subject_id: str) -> None:
    doing.subject_id = subject_id


def moved(doing: Doing, moved: Any) -> None:
    doing.subject_id, doing.face_ids = moved.user.subject.id, moved.moved


def erased(doing: Doing, receipt: Any) -> None:
    doing.details |= {"removed": asdict(receipt.removed), "receipt": receipt.receipt_id}
    if receipt.erased == "collection":
        doing.collection_id = receipt.id


def made_key(doing: Doing, made: Any) -> None:
    key, _ = made
    doing.collection_id = key.collection_id
    doing.details |= {"key": key.id, "scopes": list(key.scopes)}


def signed_in(doing: Doing, begun: Any) -> None:
    doing.details["session"] = begun.session.id


def job(doing: Doing, job: Any) -> None:
    doing.collection_id = job.collection_id
    doing.details |= {"job": job.id, "kind": job.kind}


def opened(doing: Doing, work: Any) -> None:
    doing.collection_id = work.collection.id


def stored(doing: Doing, given: Arguments) -> None:
    work = given["work"]
    doing.collection, doing.collection_id = work.collection.name, work.collection.id
    doing.details["faces"] = sum(one.face is not None for one in given["page"])


def expired(doing: Doing, done: Any) -> None:
    doing.details["subjects"] = len(done)


def rejected(doing: Doing, rejected: Any) -> None:
    doing.details["rejected"] = len(rejected)


def reencoded(doing: Doing, result: Any) -> None:
    doing.details |= {"switched": result.switched, "to": result.plan.encoder}


def renewed(doing: Doing, result: Any) -> None:
    doing.details |= {"version": result.version, "faces": result.faces}


def wanted_model(doing: Doing, given: Arguments) -> None:
    doing.details |= {
        "model": identifier(given["key"]),
        "licence_accepted": bool(given["accept_licence"]),
    }


def pulled(doing: Doing, pulled: Any) -> None:
    doing.details |= {"model": pulled.model, "bytes": pulled.fetched}
