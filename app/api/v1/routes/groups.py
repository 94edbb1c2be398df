"""Groups of faces that nobody has named."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.answers.people import Discarded, Groups, Named
from app.api.kit.access import Browse, Cases, ChangeSubjects, Erase, LookAtPictures
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paths import CollectionInPath, GroupInPath, SightingInPath
from app.api.v1.problems import (
    CHANGE_PROBLEMS,
    COMMON_PROBLEMS,
    IMAGE_STORE_PROBLEMS,
    JSON_PROBLEMS,
    responses,
)
from app.api.v1.schemas.gallery import GroupName

router = APIRouter(prefix="/collections/{collection}", tags=["groups"])


@router.get("/groups", responses=responses(*COMMON_PROBLEMS, "unknown-collection"))
def list_groups(collection: CollectionInPath, caller: Browse, cases: Cases) -> Groups:
    """Faces without a name, by person as far as they are alike."""
    return Groups.of(cases.groups.list(collection))


@router.post(
    "/groups/{group}/assign",
    openapi_extra=documented(GroupName),
    responses=responses(
        *JSON_PROBLEMS,
        "unknown-collection",
        "unknown-group",
        "unknown-subject",
        "duplicate-subject",
        "subject-restricted",
        "collection-full",
        "encoder-mismatch",
        "consent-required",
        "index-unavailable",
        *IMAGE_STORE_PROBLEMS,
    ),
)
def assign(
    collection: CollectionInPath,
    group: GroupInPath,
    caller: ChangeSubjects,
    body: Annotated[GroupName, Depends(json_body(GroupName))],
    cases: Cases,
) -> Named:
    """Enroll the group's faces into a subject, one that there is or a new one."""
    named = cases.groups.assign(
        collection, group, subject_id=body.subject_id, new_subject=body.new_subject
    )
    return Named.of(named)


@router.delete(
    "/groups/{group}", responses=responses(*CHANGE_PROBLEMS, "unknown-collection", "unknown-group")
)
def discard(
    collection: CollectionInPath, group: GroupInPath, caller: Erase, cases: Cases
) -> Discarded:
    """Erase the group's faces and their pictures."""
    return Discarded(group_id=group, faces=cases.groups.discard(collection, group))


@router.get(
    "/sightings/{sighting}/image",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "The kept image."},
        **responses(
            *COMMON_PROBLEMS,
            *IMAGE_STORE_PROBLEMS,
            "unknown-collection",
            "unknown-sighting",
            "image-not-kept",
            "seal-broken",
        ),
    },
)
def image(
    collection: CollectionInPath, sighting: SightingInPath, caller: LookAtPictures, cases: Cases
) -> Response:
    """The kept picture of a face without a name, if the collection keeps them."""
    data = cases.groups.image(collection, sighting)
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "no-store"})
