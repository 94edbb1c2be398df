"""The job that gives a collection's templates another rotation."""

import json

from app.domain.jobs import JobFile
from app.jobs.orders import Order, Report
from app.services.jobs.parameters import from_json
from app.services.moving.renewal_jobs import RenewalParameters
from app.services.moving.renewing import Renewer, result_fields


class RenewalJob:
    """Interrupted anywhere it goes on from there when it is run again."""

    def __init__(self, renewer: Renewer) -> None:
        self._renewer = renewer

    def __call__(self, order: Order, report: Report) -> JobFile:
        """The outcome as JSON. Raises UnknownCollectionError and JobParametersError."""
        wanted = from_json(RenewalParameters, order.parameters)
        plan = self._renewer.resume(wanted.collection_id, wanted.version)

        def show(ready: int, faces: int) -> None:
            share = ready / faces if faces else 1.0
            report(share, f"{ready} of {faces} faces are ready", ready=ready, faces=faces)

        result = self._renewer.run(plan, show)
        return JobFile("application/json", json.dumps(result_fields(result)).encode())
