"""Labels of faces: what a client of another system said of a face when it enrolled it."""

import hashlib
from dataclasses import dataclass

from app.domain.gallery import EnrolledFace, Subject
from app.domain.texts import MAX_TEXT

_KEPT = 150
"""Characters of a name that is too long of which the beginning stays."""


@dataclass(frozen=True, slots=True)
class FaceLabel:
    """A face's label, which stays when the face is moved to another subject."""

    width: int
    height: int
    """Of the picture that the face was found in, in pixels."""
    external_id: str | None = None
    associated: bool = False
    """Whether the face was given to its subject after it was enrolled."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownFace:
    """An enrolled face, and what clients of other systems said of it."""

    face: EnrolledFace
    named: bool
    """Whether somebody has named its subject; otherwise enrolment has made it by itself."""
    label: FaceLabel | None
    """None for faces that were enrolled in another way."""

    def of(self, subject: Subject) -> "LabelledFace":
        """The face with its subject."""
        return LabelledFace(self.face, subject, self.named, self.label)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledFace:
    """An enrolled face as clients of other systems know it."""

    face: EnrolledFace
    subject: Subject
    named: bool
    """Whether somebody has named the subject; otherwise enrolment has made it by itself."""
    label: FaceLabel | None
    """None for faces that were enrolled in another way."""

    @property
    def external_id(self) -> str | None:
        """The label's, or the subject's where the face was enrolled in another way."""
        if self.label is not None and self.label.external_id is not None:
            return self.label.external_id
        return self.user_id if self.label is None else None

    @property
    def user_id(self) -> str | None:
        """The name by which the subject is a user; None where nobody has named it."""
        return public_id(self.subject) if self.named else None


def public_id(subject: Subject) -> str:
    """The name of a subject in other systems: its external id, or its name without one."""
    return subject.external_id or subject.name


def subject_name(external_id: str) -> str:
    """The name of a subject that is called so elsewhere, where names may be longer."""
    if len(external_id) <= MAX_TEXT:
        return external_id
    return f"{external_id[:_KEPT]}~{hashlib.sha256(external_id.encode()).hexdigest()[:16]}"
