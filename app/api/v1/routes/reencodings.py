"""Re-encodings, which move a collection to another encoder, and renewals of its protection."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from app.answers.jobs import Job
from app.answers.upkeep.reencoding import ReencodingForecast
from app.api.kit.access import Admin, Cases
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paths import CollectionInPath
from app.api.v1.problems import COMMON_PROBLEMS, JSON_PROBLEMS, ORDER_PROBLEMS, responses
from app.api.v1.routes.jobs import accepted
from app.api.v1.schemas.reencodings import NewReencoding, NewRenewal
from app.services.jobs.parameters import to_json
from app.services.moving.reencoding_jobs import REENCODING, ReencodingParameters
from app.services.moving.renewal_jobs import RENEWAL

router = APIRouter(prefix="/collections/{collection}", tags=["collections"])


@router.post(
    "/reencodings",
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


@router.get(
    "/reencodings",
    responses=responses(
        *COMMON_PROBLEMS, "unknown-collection", "unknown-model", "wrong-task", "invalid-manifest"
    ),
)
def forecast_reencoding(
    collection: CollectionInPath,
    caller: Admin,
    cases: Cases,
    encoder: Annotated[str, Query(max_length=100, description="Model key of the new encoder.")],
) -> ReencodingForecast:
    """Forecast what a re-encoding would lose, and how long it would take: a dry run.

    It counts and looks for files of pictures; no network runs.
    """
    return ReencodingForecast.of(cases.reencoding_forecaster.forecast(collection, encoder))


@router.post(
    "/renewals",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra=documented(NewRenewal),
    responses=responses(*JSON_PROBLEMS, *ORDER_PROBLEMS, "unknown-collection", "job-underway"),
)
def renew(
    collection: CollectionInPath,
    caller: Admin,
    body: Annotated[NewRenewal, Depends(json_body(NewRenewal))],
    cases: Cases,
    response: Response,
) -> Job:
    """Store every template under the next secret rotation; the old one serves until all are ready.

    What was stolen of the old ones then fits nothing here. Cancelled or interrupted it leaves the
    collection as it was, and a second one goes on from there.
    """
    wanted = cases.renewer.order(collection)
    job = cases.jobs.submit(
        RENEWAL, caller, parameters=to_json(wanted), collection_id=wanted.collection_id
    )
    return accepted(job, response)
