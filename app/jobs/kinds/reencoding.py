"""The job that moves a collection to another encoder."""

import json

from app.domain.errors.jobs import FacesLeftOutError
from app.domain.jobs import JobFile
from app.jobs.orders import Order, Report
from app.services.jobs.parameters import from_json
from app.services.moving.reencoding import Reencoder, ReencodingResult, result_fields
from app.services.moving.reencoding_jobs import ReencodingParameters

_NAMED = 50
"""Faces left out that the failure names."""


class ReencodingJob:
    """Interrupted anywhere it goes on from there when it is run again."""

    def __init__(self, reencoder: Reencoder) -> None:
        self._reencoder = reencoder

    def __call__(self, order: Order, report: Report) -> JobFile:
        """The outcome as JSON.

        Raises FacesLeftOutError when the old encoder serves on, and JobParametersError.
        """
        wanted = from_json(ReencodingParameters, order.parameters)
        plan = self._reencoder.resume(wanted.collection_id, wanted.encoder)

        def show(ready: int, faces: int) -> None:
            share = ready / faces if faces else 1.0
            report(share, f"{ready} of {faces} faces are ready", ready=ready, faces=faces)

        result = self._reencoder.run(plan, show, erase_left_out=wanted.erase_left_out)
        if not result.switched:
            raise _left_out(result)
        return JobFile("application/json", json.dumps(result_fields(result)).encode())


def _left_out(result: ReencodingResult) -> FacesLeftOutError:
    return FacesLeftOutError(
        f"{len(result.left_out)} faces cannot be encoded anew, so the collection stays on "
        f"{result.plan.collection.encoder}.",
        hint="Enrol new pictures of their subjects and delete them, or set `erase_left_out`.",
        count=len(result.left_out),
        left_out=result_fields(result)["left_out"][:_NAMED],
    )
