"""Faces that a collection remembers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.answers.gallery import Receipt
from app.answers.people import Sightings
from app.api.kit.access import Browse, Cases, Erase, LookAtPictures
from app.api.v1.paging import Cursor, Limit, after_moment, moment_cursor
from app.api.v1.paths import CollectionInPath, DryRun, SightingInPath
from app.api.v1.problems import CHANGE_PROBLEMS, COMMON_PROBLEMS, IMAGE_STORE_PROBLEMS, responses
from app.api.v1.schemas.instants import Instant
from app.domain.deciding.identification import Known
from app.domain.people.sightings import MOST_SOURCE, SightingFilter

router = APIRouter(prefix="/collections/{collection}/sightings", tags=["sightings"])
Share = Annotated[float | None, Query(ge=0, le=1, description="Of quality, inclusive.")]


def _wanted(
    since: Annotated[Instant | None, Query(description="The first instant, inclusive.")] = None,
    until: Annotated[Instant | None, Query(description="The last instant, exclusive.")] = None,
    source: Annotated[
        str | None, Query(max_length=MOST_SOURCE, description="Label of the source.")
    ] = None,
    decision: Annotated[Known | None, Query(description="How it was decided.")] = None,
    group: Annotated[str | None, Query(max_length=64, description="Id of a group.")] = None,
    subject: Annotated[
        str | None, Query(max_length=64, description="Id of whoever was found, or is nearest.")
    ] = None,
    alone: Annotated[bool, Query(description="Only those without a name in no group.")] = False,
    min_quality: Share = None,
    max_quality: Share = None,
) -> SightingFilter:
    return SightingFilter(
        since=since,
        until=until,
        source=source,
        decision=decision,
        group_id=group,
        alone=alone,
        subject_id=subject,
        min_quality=min_quality,
        max_quality=max_quality,
    )


Wanted = Annotated[SightingFilter, Depends(_wanted)]


@router.get("", responses=responses(*COMMON_PROBLEMS, "unknown-collection", "invalid-cursor"))
def list_sightings(
    collection: CollectionInPath,
    caller: Browse,
    cases: Cases,
    wanted: Wanted,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Sightings:
    """Faces that were remembered, and those that were imported without names, the newest first."""
    before = after_moment(cursor)
    found = cases.sightings.list(collection, wanted, before=before, limit=limit + 1)
    return Sightings.of(found, limit, moment_cursor)


@router.get(
    "/{sighting}/image",
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
    """The kept picture of a face, if the collection keeps them."""
    data = cases.sightings.image(collection, sighting)
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.delete("", responses=responses(*CHANGE_PROBLEMS, "unknown-collection"))
def erase_sightings(
    collection: CollectionInPath,
    caller: Erase,
    cases: Cases,
    wanted: Wanted,
    dry_run: DryRun = False,
) -> Receipt:
    """Erase all that the filters find, with their pictures."""
    receipt = cases.erasure.sightings(collection, wanted, dry_run=dry_run)
    return Receipt.of(receipt, dry_run=dry_run)


@router.delete(
    "/{sighting}",
    responses=responses(*CHANGE_PROBLEMS, "unknown-collection", "unknown-sighting"),
)
def erase_sighting(
    collection: CollectionInPath,
    sighting: SightingInPath,
    caller: Erase,
    cases: Cases,
    dry_run: DryRun = False,
) -> Receipt:
    """Erase one, with its picture."""
    receipt = cases.erasure.sighting(collection, sighting, dry_run=dry_run)
    return Receipt.of(receipt, dry_run=dry_run)
