"""Re-encodings: the job that moves a collection to another encoder."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from app.answers.jobs import Job
from app.api.kit.access import Admin, Cases
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paths import CollectionInPath
from app.api.v1.problems import JSON_PROBLEMS, ORDER_PROBLEMS, responses
from app.api.v1.routes.jobs import accepted
from app.api.v1.schemas.reencodings import NewReencoding
from app.services.jobs.parameters import to_json
from app.services.moving.reencoding_jobs import REENCODING, ReencodingParameters

router = APIRouter(prefix="/collections/{collection}/reencodings", tags=["collections"])


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra=documented(NewReencoding),
    responses=responses(
        *JSON_PROBLEMS,
        *ORDER_PROBLEMS,
        "unknown-collection",
        "unknown-model",
        "wrong-task",
        "encoder-not-ready",
        "invalid-manifest",
        "job-underway",
    ),
)
def create(
    collection: CollectionInPath,
    caller: Admin,
    body: Annotated[NewReencoding, Depends(json_body(NewReencoding))],
    cases: Cases,
    response: Response,
) -> Job:
    """Encode every face anew from its kept image, then change over; the old encoder serves on.

    Cancelled or interrupted it leaves the collection as it was, and a second one goes on from
    there.
    """
    plan = cases.reencoder.plan(collection, body.encoder)
    job = cases.jobs.submit(
        REENCODING,
        caller,
        parameters=to_json(
            ReencodingParameters(
                collection_id=plan.collection.id,
                encoder=plan.encoder,
                collection=plan.collection.name,
                erase_left_out=body.erase_left_out,
            )
        ),
        collection_id=plan.collection.id,
    )
    return accepted(job, response)
