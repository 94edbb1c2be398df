"""Subjects that enrolment makes by itself, for faces of which no more is known than a label."""

from datetime import UTC, datetime

from app.domain.foreign.labels import subject_name
from app.domain.gallery import Collection, Subject
from app.domain.texts import MAX_TEXT, clean_text
from app.services.gallery.identifiers import new_id
from app.services.ports import UnitOfWork


def subject_called(uow: UnitOfWork, gallery: Collection, external_id: str) -> Subject:
    """The subject of that external id or name, made as an unnamed one where there is none.

    Raises InvalidRequestError for what cannot be kept as a name.
    """
    name = clean_text(subject_name(external_id), "external_id")
    found = uow.subjects.called(gallery.id, name)
    if found is not None:
        return uow.subjects.get(gallery.id, found.id, hold=True)
    return _made(uow, gallery, name, name if len(external_id) <= MAX_TEXT else None)


def made_unnamed(uow: UnitOfWork, gallery: Collection) -> Subject:
    """A new subject for faces of which nothing is known."""
    return _made(uow, gallery, None, None)


def new_subject(gallery: Collection, name: str | None, external_id: str | None) -> Subject:
    """A subject as it is stored first; without a name it gets one by its id."""
    now, subject_id = datetime.now(UTC), new_id()
    return Subject(
        id=subject_id,
        collection_id=gallery.id,
        name=name or f"unnamed-{subject_id}",
        external_id=external_id,
        metadata={},
        created_at=now,
        updated_at=now,
    )


def _made(
    uow: UnitOfWork, gallery: Collection, name: str | None, external_id: str | None
) -> Subject:
    subject = new_subject(gallery, name, external_id)
    uow.subjects.add(subject)
    uow.labels.mark_unnamed(subject.id)
    return subject
