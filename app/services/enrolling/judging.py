"""Faces of an enrolment on their way: accepted, doubted, refused."""

from dataclasses import dataclass, replace

from app.domain.deciding.verdicts import NamedCandidate
from app.domain.errors import FacetError
from app.domain.errors.pictures import DuplicateFaceError
from app.domain.faces import Face
from app.domain.gallery import EnrolledFace
from app.services.deciding.questions import Lookalikes


@dataclass(frozen=True, slots=True, eq=False)
class EnrolmentResult:
    """The outcome of one image: an enrolled face, or the error that kept it out."""

    face: EnrolledFace | None = None
    error: FacetError | None = None
    duplicates: tuple[NamedCandidate, ...] = ()
    """Other subjects that the face could be taken for."""
    duplicates_unnamed: int = 0
    """Number of those of whom the asker, who may not browse, is not told."""
    doubt: FacetError | None = None
    """Why the face may be enrolled for the wrong subject, where the collection warns of it."""
    repeated: bool = False
    """Whether the subject had the picture, and `face` is the one enrolled from it."""


@dataclass(frozen=True, slots=True, eq=False)
class Accepted:
    """A face that passed the gates and waits for the transaction."""

    face: Face
    alike: Lookalikes
    source_digest: str | None
    doubt: FacetError | None = None

    def result(self, outcome: EnrolledFace | FacetError) -> EnrolmentResult:
        """The result of the image, with those who are alike."""
        face, error = (None, outcome) if isinstance(outcome, FacetError) else (outcome, None)
        return EnrolmentResult(
            face,
            error,
            duplicates=self.alike.named,
            duplicates_unnamed=self.alike.unnamed,
            doubt=self.doubt,
        )


def with_duplicates(
    accepted: Accepted, alike: Lookalikes, *, refused: bool
) -> Accepted | EnrolmentResult:
    """The face with those who are alike, or its refusal."""
    judged = replace(accepted, alike=alike)
    if alike and refused:
        return judged.result(_duplicate_error(alike))
    return judged


def with_doubt(
    judged: Accepted | EnrolmentResult, doubt: FacetError | None, *, refused: bool
) -> Accepted | EnrolmentResult:
    """The face with the doubt whose it is, or its refusal."""
    if doubt is None or isinstance(judged, EnrolmentResult):
        return judged
    return judged.result(doubt) if refused else replace(judged, doubt=doubt)


def _duplicate_error(alike: Lookalikes) -> DuplicateFaceError:
    if not alike.named:
        return DuplicateFaceError(
            "The face could be that of another subject already.",
            hint="Ask somebody with the scope `browse`, who is told of whom.",
        )
    first = alike.named[0]
    return DuplicateFaceError(
        f"The face could be that of subject {first.subject.name!r} already.",
        hint="Merge the subjects, or enrol with duplicates=warn if they are two people.",
        subject_id=first.subject.id,
        face_id=first.face_id,
    )
