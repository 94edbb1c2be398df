"""A gallery on its way from one installation to another."""

from dataclasses import dataclass

from app.domain.gallery import NewFace, Subject
from app.domain.people.rights import NO_RIGHTS, Rights


@dataclass(frozen=True, slots=True, eq=False)
class PortableFace:
    """A face with its subject and its kept image; or a subject without faces.

    Ids of faces belong to an installation and stay behind; those of subjects go along.
    """

    subject: Subject
    face: NewFace | None
    image: bytes | None
    rights: Rights = NO_RIGHTS
    """Of the subject."""
    not_subjects: tuple[str, ...] = ()
    """Ids of subjects that the face was said not to be of."""
