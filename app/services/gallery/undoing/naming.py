"""A group's naming, and taking it back: enrolled faces are sightings of their group again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.errors.gallery import UnknownSubjectError
from app.domain.faces import Embedding
from app.domain.gallery import Collection, EnrolledFace, Subject
from app.domain.people.corrections import Operation
from app.domain.people.erasing import ErasedItem
from app.domain.people.sightings import NewSighting, Sighting, SightingGroup, picture_owner
from app.services.gallery.absorbing import require_free
from app.services.gallery.image_files import Keep, KeptPictures, delete_released
from app.services.gallery.undoing.recording import (
    Undone,
    record_operation,
    remove_if_made_for,
    require_undoable,
    superseded,
)
from app.services.indexing.following import IndexFollower
from app.services.ports import ImageStore, Storage, UnitOfWork


def record_naming(
    uow: UnitOfWork,
    group: SightingGroup,
    subject: Subject,
    enrolled: Mapping[int, Sighting],
    seen: Sequence[int],
    at: datetime,
    *,
    made_subject: bool,
) -> str:
    """Record that a group was named; the id of the operation.

    `enrolled` are the sightings that have become faces, by these; `seen` stay sightings.
    """
    details = {
        "group": group.id,
        "fixed": group.fixed,
        "ignored": group.ignored,
        "seen": list(seen),
    }
    operation = record_operation(
        uow,
        "name-group",
        group.collection_id,
        subject.id,
        at,
        faces=dict.fromkeys(enrolled, ""),
        sightings={face: _facts(one) for face, one in enrolled.items()},
        made_subject=made_subject,
        details=details,
    )
    return operation.id


class NamingUndo:
    """Takes namings back, each in one transaction."""

    def __init__(
        self,
        storage: Storage,
        images: ImageStore,
        pictures: KeptPictures,
        follower: IndexFollower,
    ) -> None:
        self._storage = storage
        self._images = images
        self._pictures = pictures
        self._follower = follower

    def undo(self, collection: str, operation_id: str, now: datetime) -> Undone:
        """Have the faces be of their group again, and of the subject no more.

        What was matched again because of them is nobody's again, and is matched once more where
        the subject has other faces. Raises OperationSupersededError where a face was moved, or the
        subject merged into another one.
        """
        kept = self._pictures.taken_back_on_failure()
        with kept as keep, self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            operation = uow.operations.get(gallery.id, operation_id)
            require_undoable(operation, now)
            require_free(uow, [operation.subject_id])
            faces = _still_there(uow, operation)
            freed = self._take_out(uow, keep, gallery, operation, faces, now)
            _reopen(uow, operation)
            removed = remove_if_made_for(uow, operation)
            if removed is None:
                subject = uow.subjects.get(gallery.id, operation.subject_id)
                uow.subjects.update(replace(subject, updated_at=now))
                uow.namings.add(gallery.id, [subject.id], now)
            there = [one.id for one in uow.groups.among([operation.details["group"]])]
            uow.operations.settle(operation, now)
            settled = replace(operation, undone_at=now)
            group = there[0] if there else None  # every face of it may be erased
            undone = Undone(settled, len(faces), removed_subject_id=removed, group_id=group)
            uow.note_result(undone)
        delete_released(self._storage, self._images, freed)
        self._follower.catch_up_after_write()
        return undone

    def _take_out(
        self,
        uow: UnitOfWork,
        keep: Keep,
        gallery: Collection,
        operation: Operation,
        faces: Mapping[int, EnrolledFace],
        now: datetime,
    ) -> Sequence[str]:
        """Make the faces sightings; digests of pictures that nothing needs any more."""
        ids, templates = uow.faces.templates(sorted(faces))
        row = {int(one): place for place, one in enumerate(ids)}
        facts = uow.operations.sightings(operation)
        near = sorted({str(one["subject"]) for one in facts.values() if one["subject"]})
        there = uow.subjects.by_ids(near)
        for face_id, face in faces.items():
            data = None if face.image_digest is None else self._pictures.read(face.image_digest)
            digest = None if data is None else keep(uow, picture_owner(gallery.id), data)
            was = {**facts[face_id], "nearest": there.get(facts[face_id]["subject"])}
            sighting = _sighting(face, was, templates[row[face_id]], digest)
            uow.sightings.put_back(sighting, was["id"], operation.details["group"])
            uow.negatives.became_again(face_id, was["id"])
            item = ErasedItem("face", str(face_id), gallery.id, face.created_at, now)
            uow.ledger.came_back("sighting", gallery.id, str(was["id"]))
            uow.ledger.went_into(item, "sighting", str(was["id"]))
        uow.staged.remove_of_faces(list(faces))
        uow.operations.remove_of_faces(list(faces))
        uow.faces.remove(list(faces.values()))
        uow.idempotency.remove_of_subject(operation.subject_id)
        return uow.images.release(
            sorted({face.image_digest for face in faces.values() if face.image_digest})
        )


def _still_there(uow: UnitOfWork, operation: Operation) -> Mapping[int, EnrolledFace]:
    """Faces of the operation that were not erased since."""
    try:
        uow.subjects.get(operation.collection_id, operation.subject_id)
    except UnknownSubjectError as error:
        raise superseded(f"Subject {operation.subject_id!r} is gone.") from error
    faces = uow.faces.by_ids(list(uow.operations.sightings(operation)))
    moved = [one.id for one in faces.values() if one.subject_id != operation.subject_id]
    if moved:
        raise superseded(f"Face {min(moved)} was moved since.")
    return faces


def _reopen(uow: UnitOfWork, operation: Operation) -> None:
    """Have the group's other sightings be of it again, and nobody's who were matched since."""
    details, subject = operation.details, operation.subject_id
    group = details["group"]
    back = uow.namings.make_unknown(details["seen"], subject)
    uow.sightings.put_into_groups(dict.fromkeys(back, group))
    matched = uow.namings.known(subject, matched_since=operation.at)
    uow.namings.make_unknown(matched, subject)
    uow.groups.settle([group])
    uow.groups.mark(group, fixed=details["fixed"], ignored=details["ignored"])


def _facts(one: Sighting) -> dict[str, Any]:
    """Everything of a sighting that the face has not, as JSON."""
    return {
        "id": one.id,
        "at": one.at.isoformat(),
        "source": one.source,
        "decision": one.decision,
        "subject": one.subject_id,
        "similarity": one.similarity,
        "fmr": one.fmr,
        "fmr_is_bound": one.fmr_is_bound,
    }


def _sighting(
    face: EnrolledFace, was: Mapping[str, Any], template: Embedding, digest: str | None
) -> NewSighting:
    """The sighting that the face was; nearest to nobody where that subject is gone."""
    nearest: Subject | None = was["nearest"]
    return NewSighting(
        collection_id=face.collection_id,
        encoder=face.encoder,
        template=template,
        at=datetime.fromisoformat(was["at"]),
        source=was["source"],
        source_digest=face.source_digest,
        box=face.box,
        landmarks=face.landmarks,
        probability=face.probability,
        pose=face.pose,
        quality=face.quality,
        image_digest=digest,
        decision=was["decision"],
        subject_id=None if nearest is None else nearest.id,
        similarity=None if nearest is None else was["similarity"],
        fmr=None if nearest is None else was["fmr"],
        fmr_is_bound=nearest is not None and was["fmr_is_bound"],
    )
