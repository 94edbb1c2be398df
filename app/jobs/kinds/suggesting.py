"""The job that looks for suggestions in a collection."""

import json
from dataclasses import asdict

from app.domain.jobs import JobFile
from app.jobs.orders import Order, Report, counted
from app.services.jobs.parameters import from_json
from app.services.people.review.finding import SuggestingParameters, Suggestions


class SuggestingJob:
    """Puts what it finds in the place of what was found before, so that it may be done again."""

    def __init__(self, suggestions: Suggestions) -> None:
        self._suggestions = suggestions

    def __call__(self, order: Order, report: Report) -> JobFile:
        """The numbers as JSON. Raises UnknownCollectionError."""
        wanted = from_json(SuggestingParameters, order.parameters)
        show = counted(report, "faces are compared")
        found = self._suggestions.find_by_id(wanted.collection_id, show)
        return JobFile("application/json", json.dumps(asdict(found)).encode())
