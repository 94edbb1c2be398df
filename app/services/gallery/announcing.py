"""Events of enrolled and erased people, in the transaction that they tell of."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

from app.domain.gallery import Collection, Erased, Tally
from app.domain.notifying.events import NewEvent
from app.services.ports import UnitOfWork


def announce_enrolled(
    uow: UnitOfWork, gallery: Collection, faces: Iterable[tuple[str, int]]
) -> None:
    """Tell of faces that are stored now, pairs of subject and face: an event for each subject.

    Sightings of before are compared with them beside the requests.
    """
    by_subject: dict[str, list[int]] = {}
    for subject_id, face_id in faces:
        by_subject.setdefault(subject_id, []).append(face_id)
    uow.namings.add(gallery.id, by_subject, datetime.now(UTC))
    uow.events.add(
        [
            NewEvent("enrolled", gallery.id, gallery.name, {"subject_id": subject, "face_ids": ids})
            for subject, ids in by_subject.items()
        ]
    )


def announce_erased(
    uow: UnitOfWork, gallery: Collection, erased: Erased, name: str, removed: Tally
) -> None:
    """Tell what a receipt will tell, but for the index and for files, which go after it."""
    counts = {key: count for key, count in asdict(removed).items() if count}
    data = {"erased": erased, "id": name, "removed": counts}
    uow.events.add([NewEvent("erased", gallery.id, gallery.name, data)])
