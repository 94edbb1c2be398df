"""A re-encoding as a job: what it tells, what it answers, and what it is when done again."""

import json
from typing import Any

import pytest

from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.jobs import FacesLeftOutError
from app.jobs.kinds.reencoding import ReencodingJob
from app.jobs.orders import Order
from app.services.use_cases import UseCases
from tests.two_encoders import NEW, OLD, everybody_is_recognised, without_images


def do(
    cases: UseCases, collection_id: str, *, erase_left_out: bool = False
) -> tuple[dict[str, Any], list[tuple[float, dict[str, Any]]]]:
    """The result, and what was reported on the way."""
    wanted = {
        "collection_id": collection_id,
        "encoder": NEW,
        "erase_left_out": erase_left_out,
    }
    reported: list[tuple[float, dict[str, Any]]] = []

    def report(fraction: float, message: str = "", **data: Any) -> None:
        reported.append((fraction, data))

    result = ReencodingJob(cases.reencoder)(Order("job", wanted, {}), report)
    assert result.media_type == "application/json"
    return json.loads(result.content), reported


def test_the_job_changes_over_and_may_be_done_again(cases: UseCases) -> None:
    staff = cases.collections.get("staff").id
    cases.collections.update("staff", {"name": "crew"})  # a job goes by the id
    result, reported = do(cases, staff)
    assert result == {
        "collection": "crew",
        "from": OLD,
        "to": NEW,
        "switched": True,
        "faces": 4,
        "erased": 0,
        "left_out": [],
    }
    assert reported[-1] == (1.0, {"ready": 4, "faces": 4})
    cases.collections.update("crew", {"name": "staff"})
    assert everybody_is_recognised(cases)
    # As after a worker that died between the change-over and the end of its job.
    again, reported = do(cases, staff)
    assert (again["switched"], again["faces"], reported) == (True, 4, [])
    assert everybody_is_recognised(cases)


def test_faces_left_out_fail_the_job_unless_they_may_go(cases: UseCases) -> None:
    staff = cases.collections.get("staff").id
    lost, bare = without_images(cases)
    with pytest.raises(FacesLeftOutError) as caught:
        do(cases, staff)
    assert caught.value.data["count"] == 2
    assert {one["face_id"] for one in caught.value.data["left_out"]} == {lost, bare}
    assert cases.collections.get("staff").encoder == OLD
    result, _ = do(cases, staff, erase_left_out=True)
    assert (result["switched"], result["erased"], result["faces"]) == (True, 2, 3)
    assert everybody_is_recognised(cases)


def test_a_collection_that_is_gone(cases: UseCases) -> None:
    staff = cases.collections.get("staff").id
    cases.erasure.collection("staff")
    with pytest.raises(UnknownCollectionError):
        do(cases, staff)
