"""Error of data that cannot be measured on."""

from models.errors import ReportedError


class EvaluationError(ReportedError):
    """The data to evaluate on is not what was promised."""

    slug = "evaluation-failed"
