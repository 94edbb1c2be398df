"""Errors of jobs, and of asking for one."""

from app.domain.errors import FacetError


class UnknownJobError(FacetError):
    slug = "unknown-job"


class JobNotFinishedError(FacetError):
    """The job has no result yet."""

    slug = "job-not-finished"


class JobSettledError(FacetError):
    """The job is over, so it cannot be cancelled any more."""

    slug = "job-settled"


class JobCancelledError(FacetError):
    """The job was cancelled, so it will never have a result."""

    slug = "job-cancelled"


class JobUnderwayError(FacetError):
    """The collection has such a job already."""

    slug = "job-underway"


class ResultExpiredError(FacetError):
    """The result was kept for its time and is gone."""

    slug = "result-expired"


class TooManyJobsError(FacetError):
    """The key has as many jobs waiting and running as it may."""

    slug = "too-many-jobs"


class QueueFullError(FacetError):
    slug = "queue-full"


class WorkerLostError(FacetError):
    """The worker of a job died, and the job may not be run again."""

    slug = "worker-lost"


class JobTimeoutError(FacetError):
    """The job took longer than its kind may."""

    slug = "job-timeout"


class JobCrashedError(FacetError):
    """The process that did the work ended without a word; memory may have run out."""

    slug = "job-crashed"


class JobNotStartedError(FacetError):
    """No worker took the job in time."""

    slug = "job-not-started"


class JobParametersError(FacetError):
    """The job was made by another version, with parameters that this one cannot read."""

    slug = "invalid-job-parameters"


class FacesLeftOutError(FacetError):
    """Faces without a usable image keep a collection on its encoder."""

    slug = "faces-left-out"
