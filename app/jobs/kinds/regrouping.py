"""The job that groups a collection's faces without names anew."""

import json
from dataclasses import asdict

from app.domain.jobs import JobFile
from app.jobs.orders import Order, Report
from app.services.jobs.parameters import from_json
from app.services.people.regrouping import Regrouper, RegroupingParameters


class RegroupingJob:
    """Interrupted anywhere it has changed nothing, and begins anew."""

    def __init__(self, regrouper: Regrouper) -> None:
        self._regrouper = regrouper

    def __call__(self, order: Order, report: Report) -> JobFile:
        """The numbers as JSON. Raises JobParametersError."""
        wanted = from_json(RegroupingParameters, order.parameters)
        done = self._regrouper.run(wanted.collection_id, lambda said: report(0.0, said))
        return JobFile("application/json", json.dumps(asdict(done)).encode())
