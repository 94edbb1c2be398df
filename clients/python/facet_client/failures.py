"""Failures that every request can have."""

from collections.abc import Mapping
from typing import Any


class FacetError(Exception):
    """An answer of the service that is no success.

    There is a subclass for each `code`, in `facet_client.errors`.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        """Status of HTTP."""
        self.code = str(problem.get("code", ""))
        """The stable code; empty where something between has answered, such as a proxy."""
        self.detail = str(problem.get("detail", "")) or f"HTTP status {status}"
        self.hint = str(problem.get("hint", ""))
        """What to do about it."""
        self.request_id = str(problem.get("request_id", ""))
        """By which the server's log knows the request."""
        self.problem = dict(problem)
        """The whole answer: `errors` by field, `results` of an enrolment, and so on."""
        super().__init__(f"{self.detail} {self.hint}".strip())


class UnreachableError(Exception):
    """There was no answer: no connection, or it ended before."""
