"""Every way a request can fail, by subject; `app.api.kit.problem_kinds` gives the statuses."""

from models.errors import ReportedError


class FacetError(ReportedError):
    """A failure of the service's own rules."""
