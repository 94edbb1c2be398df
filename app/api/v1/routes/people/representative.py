"""The face that stands for a subject."""

from typing import Annotated

from fastapi import APIRouter, Depends

from app.answers.upkeep.representative import Representative
from app.api.kit.access import Browse, Cases, ChangeSubjects
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paths import CollectionInPath, IfMatch, SubjectInPath
from app.api.v1.problems import COMMON_PROBLEMS, JSON_PROBLEMS, responses
from app.api.v1.schemas.review import ChosenFace

router = APIRouter(
    prefix="/collections/{collection}/subjects/{subject}/face", tags=["representative"]
)

_PROBLEMS = ("unknown-collection", "unknown-subject", "subject-without-faces")


@router.get("", responses=responses(*COMMON_PROBLEMS, *_PROBLEMS))
def get(
    collection: CollectionInPath, subject: SubjectInPath, caller: Browse, cases: Cases
) -> Representative:
    """The face that was chosen to stand for the subject, or else its best."""
    return Representative.of(cases.representatives.get(collection, subject))


@router.put(
    "",
    openapi_extra=documented(ChosenFace),
    responses=responses(*JSON_PROBLEMS, *_PROBLEMS, "unknown-face", "changed-meanwhile"),
)
def choose(
    collection: CollectionInPath,
    subject: SubjectInPath,
    caller: ChangeSubjects,
    body: Annotated[ChosenFace, Depends(json_body(ChosenFace))],
    cases: Cases,
    if_match: IfMatch = None,
) -> Representative:
    """Choose a face of the subject to stand for it; null goes back to the best.

    Undone by `operation_id` within 30 days. A chosen face that is erased or given to somebody else
    stands for nobody; once it is back, it does again.
    """
    chosen = cases.representatives.choose(collection, subject, body.face_id, if_match=if_match)
    return Representative.of(chosen)
