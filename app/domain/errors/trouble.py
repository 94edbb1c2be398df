"""The server's own trouble: passing, and nobody's fault who asks."""

import errno

from app.domain.errors import FacetError

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Numbers of system errors that say so: disk, quota, or the size that a file may have."""


class OverloadedError(FacetError):
    slug = "overloaded"


class DeadlineExceededError(FacetError):
    """The request took longer than the service lets requests take."""

    slug = "deadline-exceeded"


class AbandonedRequestError(DeadlineExceededError):
    """Nobody waits for the answer any more, so nobody reads this."""


class StorageFullError(FacetError):
    slug = "storage-full"


class StorageReadOnlyError(FacetError):
    """The database or the directory of images lets itself be read, and not written."""

    slug = "storage-read-only"


class DatabaseLockedError(FacetError):
    slug = "database-locked"


class DatabaseUnavailableError(FacetError):
    slug = "database-unavailable"


class AuditUnavailableError(FacetError):
    """Recording failed of what has to be recorded."""

    slug = "audit-unavailable"


class IndexUnavailableError(FacetError):
    """The engine of the index is away, or is not what this version needs."""

    slug = "index-unavailable"


class ImagesUnavailableError(FacetError):
    """The object storage of kept pictures is away."""

    slug = "images-unavailable"


class ImagesRefusedError(ImagesUnavailableError):
    """The object storage answers, and does not do what is asked: credentials, rights, bucket."""


class ForeignImagesError(FacetError):
    """The place of pictures belongs to another installation, whose pictures nobody may sweep."""

    slug = "images-of-another"
