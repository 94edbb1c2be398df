"""Calibration of a collection on its own people."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from app.answers.jobs import Job
from app.answers.upkeep.calibration import Calibrations
from app.api.kit.access import Admin, Cases
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paths import CollectionInPath
from app.api.v1.problems import CHANGE_PROBLEMS, COMMON_PROBLEMS, JSON_PROBLEMS, ORDER_PROBLEMS
from app.api.v1.problems import responses as described
from app.api.v1.routes.jobs import accepted
from app.api.v1.schemas.upkeep import AcceptedCalibration, NewCalibration
from app.services.jobs.parameters import to_json
from app.services.people.calibrating import CALIBRATION, CalibrationParameters

router = APIRouter(prefix="/collections/{collection}/calibration", tags=["calibration"])

_PROBLEMS = ("unknown-collection", "unknown-model", "invalid-manifest", "wrong-task")


@router.get("", responses=described(*COMMON_PROBLEMS, *_PROBLEMS))
def show(collection: CollectionInPath, caller: Admin, cases: Cases) -> Calibrations:
    """The curve that the collection decides by, and the one that is proposed, side by side."""
    return Calibrations.of(cases.calibrations.show(collection))


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra=documented(NewCalibration),
    responses=described(*JSON_PROBLEMS, *ORDER_PROBLEMS, "unknown-collection", "job-underway"),
)
def order(
    collection: CollectionInPath,
    caller: Admin,
    body: Annotated[NewCalibration, Depends(json_body(NewCalibration))],
    cases: Cases,
    response: Response,
) -> Job:
    """Compare the collection's people with each other, and propose a curve of its own, as a job.

    Nothing is decided by it until it is accepted.
    """
    gallery = cases.collections.get(collection)
    parameters = to_json(CalibrationParameters(collection_id=gallery.id))
    job = cases.jobs.submit(CALIBRATION, caller, parameters=parameters, collection_id=gallery.id)
    return accepted(job, response)


@router.post(
    "/accept",
    openapi_extra=documented(AcceptedCalibration),
    responses=described(*JSON_PROBLEMS, *_PROBLEMS, "unknown-calibration", "encoder-mismatch"),
)
def accept(
    collection: CollectionInPath,
    caller: Admin,
    body: Annotated[AcceptedCalibration, Depends(json_body(AcceptedCalibration))],
    cases: Cases,
) -> Calibrations:
    """Decide by the proposed curve from now on."""
    return Calibrations.of(cases.calibrations.accept(collection, body.calibration_id))


@router.delete("", responses=described(*CHANGE_PROBLEMS, *_PROBLEMS))
def drop(collection: CollectionInPath, caller: Admin, cases: Cases) -> Calibrations:
    """Decide by the encoder's curve again, and forget what was proposed."""
    return Calibrations.of(cases.calibrations.drop(collection))
