"""Every way a request can fail, by subject. Statuses belong to the edge (`app.api.problems`)."""

from models.errors import ReportedError


class FacetError(ReportedError):
    """A failure of the service's own rules."""
