"""Every way a request can fail. Status codes belong to the edge (`app.api.problems`)."""

from models.errors import ReportedError


class FacetError(ReportedError):
    """A failure of the service's own rules."""


# --- images


class EmptyImageError(FacetError):
    slug = "empty-image"


class NotAnImageError(FacetError):
    slug = "not-an-image"


class TruncatedImageError(FacetError):
    slug = "truncated-image"


class AnimatedImageError(FacetError):
    slug = "animated-image"


class ImageTooLargeError(FacetError):
    """More bytes than the limit."""

    slug = "image-too-large"


class TooManyPixelsError(FacetError):
    """More pixels than the limit, read from the header before decoding."""

    slug = "too-many-pixels"


class TooManyImagesError(FacetError):
    slug = "too-many-images"


# --- recordings


class NotAVideoError(FacetError):
    """Neither an animation nor a video of a known kind."""

    slug = "not-a-video"


class DamagedVideoError(FacetError):
    slug = "damaged-video"


class NoFramesError(FacetError):
    slug = "no-frames"


class VideoTooLargeError(FacetError):
    """More bytes than the limit."""

    slug = "video-too-large"


class VideoTooLongError(FacetError):
    """More seconds than the limit, read from the container before decoding."""

    slug = "video-too-long"


class TooManyFramesError(FacetError):
    slug = "too-many-frames"


class VideoTooDemandingError(FacetError):
    """Decoding and analysing took longer than a request may."""

    slug = "video-too-demanding"


# --- faces


class NoFaceError(FacetError):
    slug = "no-face"


class SeveralFacesError(FacetError):
    slug = "several-faces"


class FaceTooSmallError(FacetError):
    slug = "face-too-small"


class PoorQualityError(FacetError):
    slug = "poor-quality"


class DuplicateFaceError(FacetError):
    """The face belongs to another subject already, and the caller asked to refuse that."""

    slug = "duplicate-face"


# --- the gallery


class UnknownCollectionError(FacetError):
    slug = "unknown-collection"


class UnknownSubjectError(FacetError):
    slug = "unknown-subject"


class UnknownFaceError(FacetError):
    slug = "unknown-face"


class SubjectWithoutFacesError(FacetError):
    slug = "subject-without-faces"


class ImageNotKeptError(FacetError):
    slug = "image-not-kept"


class DuplicateCollectionError(FacetError):
    slug = "duplicate-collection"


class DuplicateSubjectError(FacetError):
    slug = "duplicate-subject"


class EncoderMismatchError(FacetError):
    """Templates of two encoders were about to meet."""

    slug = "encoder-mismatch"


class IndexInUseError(FacetError):
    """Another process serves from the files of the index."""

    slug = "index-in-use"


class EncoderChangedError(EncoderMismatchError):
    """The collection changed its encoder under a request, which therefore starts again."""


# --- styles


class UnknownStyleError(FacetError):
    slug = "unknown-style"


class DuplicateStyleError(FacetError):
    slug = "duplicate-style"


class TooManyStylesError(FacetError):
    slug = "too-many-styles"


# --- requests


class InvalidRequestError(FacetError):
    slug = "invalid-request"


class InvalidJsonError(FacetError):
    slug = "invalid-json"


class InvalidBase64Error(FacetError):
    slug = "invalid-base64"


class InvalidCursorError(FacetError):
    slug = "invalid-cursor"


class InvalidThresholdError(FacetError):
    slug = "invalid-threshold"


class IdempotencyConflictError(FacetError):
    """The same Idempotency-Key came with a different request."""

    slug = "idempotency-conflict"


class RequestTooLargeError(FacetError):
    slug = "request-too-large"


# --- dates in texts


class NoDateError(FacetError):
    """The text holds no complete, possible date."""

    slug = "no-date"


class AmbiguousDateError(FacetError):
    """The digits could mean several days, where only one may be stored."""

    slug = "ambiguous-date"


class TextTooLongError(FacetError):
    slug = "text-too-long"


# --- keys


class MissingKeyError(FacetError):
    slug = "missing-key"


class InvalidKeyError(FacetError):
    slug = "invalid-key"


class ExpiredKeyError(FacetError):
    slug = "expired-key"


class InsufficientScopeError(FacetError):
    slug = "insufficient-scope"


class UnknownKeyError(FacetError):
    """An operator named an API key that does not exist."""

    slug = "unknown-key"


# --- jobs


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


class FacesLeftOutError(FacetError):
    """Faces without a usable image keep a collection on its encoder."""

    slug = "faces-left-out"


# --- the server's own trouble


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


class IndexUnavailableError(FacetError):
    """The engine of the index is away, or is not what this version needs."""

    slug = "index-unavailable"
