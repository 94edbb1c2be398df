"""Health of a collection."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from app.answers.jobs import Job
from app.answers.upkeep.health import Health
from app.answers.upkeep.picture import health_png
from app.api.kit.access import Admin, Cases
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paths import CollectionInPath
from app.api.v1.problems import COMMON_PROBLEMS, JSON_PROBLEMS, ORDER_PROBLEMS, responses
from app.api.v1.routes.jobs import accepted
from app.api.v1.schemas.upkeep import NewHealthCheck
from app.services.jobs.parameters import to_json
from app.services.people.health import HEALTH, LISTED, MOST_LISTED, HealthParameters

router = APIRouter(prefix="/collections/{collection}/health", tags=["health"])

Listed = Annotated[
    int, Query(ge=1, le=MOST_LISTED, description="Findings of a kind that are listed.")
]
_PROBLEMS = (
    *COMMON_PROBLEMS,
    "unknown-collection",
    "unknown-model",
    "invalid-manifest",
    "wrong-task",
)


@router.get("", responses=responses(*_PROBLEMS, "too-many-faces"))
def check(
    collection: CollectionInPath, caller: Admin, cases: Cases, limit: Listed = LISTED
) -> Health:
    """Check how well the collection's people are found and told apart, by its own faces."""
    return Health.of(cases.health.check(collection, listed=limit))


@router.get(
    "/picture",
    response_class=Response,
    responses={
        200: {"content": {"image/png": {}}, "description": "The picture."},
        **responses(*_PROBLEMS, "too-many-faces"),
    },
)
def picture(collection: CollectionInPath, caller: Admin, cases: Cases) -> Response:
    """Friends and strangers by how alike they are, as a PNG."""
    drawn = health_png(Health.of(cases.health.check(collection, listed=1)))
    return Response(drawn, media_type="image/png", headers={"Cache-Control": "no-store"})


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra=documented(NewHealthCheck),
    responses=responses(*JSON_PROBLEMS, *ORDER_PROBLEMS, "unknown-collection", "job-underway"),
)
def order(
    collection: CollectionInPath,
    caller: Admin,
    body: Annotated[NewHealthCheck, Depends(json_body(NewHealthCheck))],
    cases: Cases,
    response: Response,
) -> Job:
    """Check a collection of any size, as a job whose result is that of `GET`."""
    gallery = cases.collections.get(collection)
    wanted = HealthParameters(collection_id=gallery.id, listed=body.limit)
    job = cases.jobs.submit(HEALTH, caller, parameters=to_json(wanted), collection_id=gallery.id)
    return accepted(job, response)
