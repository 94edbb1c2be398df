"""Exceptions, one for each code.

Made by `python -m deploy.clients.python`; changed there, never here.
"""

from facet_client.failures import FacetError


class EmptyImageError(FacetError):
    """Empty image. Send the picture itself; look for an upload that failed before."""


class NotAnImageError(FacetError):
    """Not an image. Convert it to JPEG or PNG."""


class TruncatedImageError(FacetError):
    """Truncated image. Get the file again, or save it anew."""


class AnimatedImageError(FacetError):
    """Animated image. Send one frame, or send it as a recording."""


class ImageTooLargeError(FacetError):
    """Image too large. Send a smaller or more compressed picture."""


class TooManyPixelsError(FacetError):
    """Too many pixels. Send it smaller, or raise FACET_MAX_IMAGE_PIXELS."""


class ImageTooDemandingError(FacetError):
    """Image too demanding. Save it anew as JPEG or PNG."""


class UnreadableObjectError(FacetError):
    """Unreadable object. Send the picture itself, or have an operator name its bucket."""


class TooManyImagesError(FacetError):
    """Too many images. Send them in several requests."""


class NotAVideoError(FacetError):
    """Not a video. Send GIF, WebP, MP4 or WebM, or single pictures as `images`."""


class DamagedVideoError(FacetError):
    """Damaged video. If it plays, encode it anew as H.264."""


class NoFramesError(FacetError):
    """No frames. Look whether it is sound alone."""


class VideoTooLargeError(FacetError):
    """Video too large. Send a shorter part, or compress it more."""


class VideoTooLongError(FacetError):
    """Video too long. Send the part that shows the people."""


class TooManyFramesError(FacetError):
    """Too many frames. Send a shorter part, or fewer frames per second."""


class VideoTooDemandingError(FacetError):
    """Video too demanding. Send a shorter part, or fewer or smaller frames."""


class NoFaceError(FacetError):
    """No face. Send a picture taken from nearer, or ask for a smaller `min_face`."""


class SeveralFacesError(FacetError):
    """Several faces. Crop the picture, or say `face=largest`."""


class FaceTooSmallError(FacetError):
    """Face too small. Send a picture taken from nearer or at a higher resolution."""


class PoorQualityError(FacetError):
    """Poor quality. Send a sharp, evenly lit, frontal picture."""


class ResemblesAnotherError(FacetError):
    """Resembles another. Look whether the picture is of the right person; else merge the subjects."""


class DuplicateFaceError(FacetError):
    """Duplicate face. Merge the subjects, or enroll with `duplicates=warn`."""


class UnknownCollectionError(FacetError):
    """Unknown collection. Look at the name, and at the key's collection."""


class UnknownSubjectError(FacetError):
    """Unknown subject. Look for its id in the list of subjects."""


class UnknownFaceError(FacetError):
    """Unknown face. Look for its id in the list of faces."""


class ImageNotKeptError(FacetError):
    """Image not kept. Collections with `keep_images=true` keep one for every face."""


class SubjectWithoutFacesError(FacetError):
    """Subject without faces. Enroll at least one face of the subject first."""


class DuplicateCollectionError(FacetError):
    """Duplicate collection. Choose another name."""


class SealedCollectionError(FacetError):
    """Sealed collection. Ask for whole values: `name`, `external_id`, `where`."""


class ChangedMeanwhileError(FacetError):
    """Changed meanwhile. Get it again, and send the request with its new version."""


class DuplicateSubjectError(FacetError):
    """Duplicate subject. Choose another one, or enroll into that subject."""


class UnknownGroupError(FacetError):
    """Unknown group. Look at the list of groups; naming or discarding ends one."""


class UnknownSightingError(FacetError):
    """Unknown sighting. Look at the list of groups."""


class UnknownOperationError(FacetError):
    """Unknown operation. Look at the list of operations; it goes back 30 days."""


class OperationUndoneError(FacetError):
    """Operation undone. Do what has to be done as an operation of its own."""


class OperationSupersededError(FacetError):
    """Operation superseded. Undo what was done later first."""


class SubjectRestrictedError(FacetError):
    """Subject restricted. Look at the subject's rights."""


class ConsentRequiredError(FacetError):
    """Consent required. Record the consent with the subject's rights first."""


class UnknownReceiptError(FacetError):
    """Unknown receipt. Look at the list of receipts."""


class ErasedError(FacetError):
    """Erased. Leave them out, or import with --allow-erased."""


class UnknownSuggestionError(FacetError):
    """Unknown suggestion. Look at the list of suggestions; it changes with the gallery."""


class UnknownNegativeError(FacetError):
    """Unknown negative. Look at the subject's negatives; they go with their faces."""


class TooFewSubjectsError(FacetError):
    """Too few subjects. Enroll more people first."""


class UnknownCalibrationError(FacetError):
    """Unknown calibration. Look at the proposed one."""


class TooManyFacesError(FacetError):
    """Too many faces. Order it as a job, with POST to the same address."""


class OutsidePolicyError(FacetError):
    """Outside policy. Ask for what the policy permits, or ask an administrator."""


class CollectionFullError(FacetError):
    """Collection full. Erase something, or have an administrator raise its quota."""


class EncoderMismatchError(FacetError):
    """Encoder mismatch. Leave the encoder out, or use a collection made with it."""


class UnknownStyleError(FacetError):
    """Unknown style. Look at the list of styles."""


class DuplicateStyleError(FacetError):
    """Duplicate style. Choose another name, or delete that one first."""


class TooManyStylesError(FacetError):
    """Too many styles. Delete one that is no longer needed."""


class InvalidRequestError(FacetError):
    """Invalid request. Correct what `errors` names."""


class InvalidJsonError(FacetError):
    """Invalid json. Send JSON in UTF-8."""


class InvalidBase64Error(FacetError):
    """Invalid base64. Encode the file's bytes as base64; data URIs are taken, too."""


class InvalidCursorError(FacetError):
    """Invalid cursor. Leave it out to start anew."""


class InvalidThresholdError(FacetError):
    """Invalid threshold. Rates lie in (0, 1), similarities in [-1, 1]."""


class IdempotencyConflictError(FacetError):
    """Idempotency conflict. Use a new key for every new request."""


class RequestTooLargeError(FacetError):
    """Request too large. Send less, or in several requests."""


class RequestTimeoutError(FacetError):
    """Request timeout. Send it faster, and all of it within FACET_BODY_TIMEOUT."""


class HeadersTooLargeError(FacetError):
    """Headers too large. Send shorter headers."""


class InvalidHttpError(FacetError):
    """Invalid http. Look at the client, or at a proxy between."""


class ForeignHostError(FacetError):
    """Foreign host. Use a local name, or turn keys on."""


class ForeignOriginError(FacetError):
    """Foreign origin. Allow it by FACET_CORS_ORIGINS, or open the address yourself."""


class UnsupportedMediaTypeError(FacetError):
    """Unsupported media type. Send multipart/form-data with files, or application/json."""


class UnknownTargetError(FacetError):
    """Unknown target. Use one of those that the hint names."""


class NotFoundError(FacetError):
    """Not found. Look at the description of the API."""


class MethodNotAllowedError(FacetError):
    """Method not allowed. Use one of these."""


class UnknownJobError(FacetError):
    """Unknown job. Look at the list of jobs."""


class JobNotFinishedError(FacetError):
    """Job not finished. Follow its events, or ask again later."""


class JobSettledError(FacetError):
    """Job settled. Delete its result to have that removed before its time."""


class JobCancelledError(FacetError):
    """Job cancelled. Ask for the work anew."""


class JobUnderwayError(FacetError):
    """Job underway. Follow it, or cancel it first."""


class ResultExpiredError(FacetError):
    """Result expired. Ask for the work anew."""


class TooManyJobsError(FacetError):
    """Too many jobs. Wait for one to end, or cancel one."""


class WorkerLostError(FacetError):
    """Worker lost. See what was done, and ask for the rest anew."""


class JobTimeoutError(FacetError):
    """Job timeout. Ask for less, or raise FACET_JOB_TIMEOUTS."""


class InvalidJobParametersError(FacetError):
    """Invalid job parameters. Upgrade the workers, or ask for the work anew."""


class JobCrashedError(FacetError):
    """Job crashed. Ask for less."""


class JobNotStartedError(FacetError):
    """Job not started. Set FACET_JOB_WORKERS or run `facet worker`, then ask anew."""


class FacesLeftOutError(FacetError):
    """Faces left out. Enroll new pictures and delete them, or set `erase_left_out`."""


class UnknownWebhookError(FacetError):
    """Unknown webhook. Look at `facet webhooks list`."""


class TooManyWebhooksError(FacetError):
    """Too many webhooks. Remove one that is no longer needed."""


class NoDateError(FacetError):
    """No date. Write day, month and year; day and year in digits."""


class AmbiguousDateError(FacetError):
    """Ambiguous date. Write YYYY-MM-DD, or name the locale."""


class NoAttentionError(FacetError):
    """No attention. Ask for JSON."""


class TextTooLongError(FacetError):
    """Text too long. Send the dates with the few words around them."""


class UnknownLocaleError(FacetError):
    """Unknown locale. Use one of those that the detail names."""


class MissingKeyError(FacetError):
    """Missing key. Send a key; make one with `facet keys create`."""


class InvalidKeyError(FacetError):
    """Invalid key. Use another one, or make one."""


class ExpiredKeyError(FacetError):
    """Expired key. Make a new one."""


class InvalidSignatureError(FacetError):
    """Invalid signature. Look at the secret, and at proxies that change requests."""


class ExpiredSignatureError(FacetError):
    """Expired signature. Set the client's clock, or sign the request anew."""


class ReplayedRequestError(FacetError):
    """Replayed request. Sign a new request for each call."""


class InsufficientScopeError(FacetError):
    """Insufficient scope. Make a key with the scope that the hint names."""


class UnknownKeyError(FacetError):
    """Unknown key. Look at `facet keys list`."""


class LastAdminKeyError(FacetError):
    """Last admin key. Make another one first, or say `force`."""


class RateExceededError(FacetError):
    """Rate exceeded. Try again after Retry-After; send less in a second."""


class SessionEndedError(FacetError):
    """Session ended. Sign in again."""


class UnknownSessionError(FacetError):
    """Unknown session. Look at the list of sessions."""


class InvalidCsrfTokenError(FacetError):
    """Invalid csrf token. Repeat the session's `csrf_token` in X-CSRF-Token."""


class RevokedKeyError(FacetError):
    """Revoked key. Make a new one."""


class UnknownModelError(FacetError):
    """Unknown model. Look at `facet models list`."""


class WrongTaskError(FacetError):
    """Wrong task. Name a model of the task that the detail names."""


class InvalidManifestError(FacetError):
    """Invalid manifest. Correct what the detail names."""


class WeightsMissingError(FacetError):
    """Weights missing. Run `facet models pull`, or install the package that has them."""


class ChecksumMismatchError(FacetError):
    """Checksum mismatch. Get it again; do not use it."""


class LicenceNotAcceptedError(FacetError):
    """Licence not accepted. Read the licence, then say `accept_licence`."""


class ModelWithoutAddressError(FacetError):
    """Model without address. Install the package that has it, or bring the file."""


class PullUnderwayError(FacetError):
    """Pull underway. Wait for it, or cancel its job first."""


class WeightsTooLargeError(FacetError):
    """Weights too large. Look at the manifest's address and size."""


class DiskFullError(FacetError):
    """Disk full. Free disk space, or set FACET_MODEL_CACHE_DIR."""


class DownloadFailedError(FacetError):
    """Download failed. Try again, or look at network and address."""


class InvalidWeightsError(FacetError):
    """Invalid weights. Get it again, or look at the manifest."""


class ModelExistsError(FacetError):
    """Model exists. Use the next version."""


class EncoderNotReadyError(FacetError):
    """Encoder not ready. Pull or calibrate it."""


class IndexInUseError(FacetError):
    """Index in use. Stop it first."""


class UnwritablePlaceError(FacetError):
    """Unwritable place. Name another place, or make that one writable."""


class OverloadedError(FacetError):
    """Overloaded. Try again after Retry-After; send less at once."""


class QueueFullError(FacetError):
    """Queue full. Try again after Retry-After."""


class DeadlineExceededError(FacetError):
    """Deadline exceeded. Try again after Retry-After; send smaller pictures."""


class StorageFullError(FacetError):
    """Storage full. Free disk space or raise the quota."""


class StorageReadOnlyError(FacetError):
    """Storage read only. Make it writable, or point FACET_DATABASE_URL at the primary."""


class DatabaseLockedError(FacetError):
    """Database locked. Try again after Retry-After."""


class DatabaseUnavailableError(FacetError):
    """Database unavailable. Look whether it runs, and at FACET_DATABASE_URL."""


class MasterKeyMissingError(FacetError):
    """Master key missing. Bring the key back, or name it by FACET_MASTER_KEY_FILE."""


class WrongMasterKeyError(FacetError):
    """Wrong master key. Name the right one by FACET_MASTER_KEY_FILE."""


class SealBrokenError(FacetError):
    """Seal broken. Restore it from a backup, or erase what it belongs to."""


class ImagesUnavailableError(FacetError):
    """Images unavailable. Look whether it runs, and at FACET_IMAGES_URL."""


class ImagesOfAnotherError(FacetError):
    """Images of another. Name another place by FACET_IMAGES_URL."""


class IndexUnavailableError(FacetError):
    """Index unavailable. Look whether it runs, and at FACET_INDEX_URL."""


class AuditUnavailableError(FacetError):
    """Audit unavailable. Make the database writable, or set FACET_AUDIT=on."""


class InternalErrorError(FacetError):
    """Internal error. Please report it with the time of the request."""


BY_CODE: dict[str, type[FacetError]] = {
    "empty-image": EmptyImageError,
    "not-an-image": NotAnImageError,
    "truncated-image": TruncatedImageError,
    "animated-image": AnimatedImageError,
    "image-too-large": ImageTooLargeError,
    "too-many-pixels": TooManyPixelsError,
    "image-too-demanding": ImageTooDemandingError,
    "unreadable-object": UnreadableObjectError,
    "too-many-images": TooManyImagesError,
    "not-a-video": NotAVideoError,
    "damaged-video": DamagedVideoError,
    "no-frames": NoFramesError,
    "video-too-large": VideoTooLargeError,
    "video-too-long": VideoTooLongError,
    "too-many-frames": TooManyFramesError,
    "video-too-demanding": VideoTooDemandingError,
    "no-face": NoFaceError,
    "several-faces": SeveralFacesError,
    "face-too-small": FaceTooSmallError,
    "poor-quality": PoorQualityError,
    "resembles-another": ResemblesAnotherError,
    "duplicate-face": DuplicateFaceError,
    "unknown-collection": UnknownCollectionError,
    "unknown-subject": UnknownSubjectError,
    "unknown-face": UnknownFaceError,
    "image-not-kept": ImageNotKeptError,
    "subject-without-faces": SubjectWithoutFacesError,
    "duplicate-collection": DuplicateCollectionError,
    "sealed-collection": SealedCollectionError,
    "changed-meanwhile": ChangedMeanwhileError,
    "duplicate-subject": DuplicateSubjectError,
    "unknown-group": UnknownGroupError,
    "unknown-sighting": UnknownSightingError,
    "unknown-operation": UnknownOperationError,
    "operation-undone": OperationUndoneError,
    "operation-superseded": OperationSupersededError,
    "subject-restricted": SubjectRestrictedError,
    "consent-required": ConsentRequiredError,
    "unknown-receipt": UnknownReceiptError,
    "erased": ErasedError,
    "unknown-suggestion": UnknownSuggestionError,
    "unknown-negative": UnknownNegativeError,
    "too-few-subjects": TooFewSubjectsError,
    "unknown-calibration": UnknownCalibrationError,
    "too-many-faces": TooManyFacesError,
    "outside-policy": OutsidePolicyError,
    "collection-full": CollectionFullError,
    "encoder-mismatch": EncoderMismatchError,
    "unknown-style": UnknownStyleError,
    "duplicate-style": DuplicateStyleError,
    "too-many-styles": TooManyStylesError,
    "invalid-request": InvalidRequestError,
    "invalid-json": InvalidJsonError,
    "invalid-base64": InvalidBase64Error,
    "invalid-cursor": InvalidCursorError,
    "invalid-threshold": InvalidThresholdError,
    "idempotency-conflict": IdempotencyConflictError,
    "request-too-large": RequestTooLargeError,
    "request-timeout": RequestTimeoutError,
    "headers-too-large": HeadersTooLargeError,
    "invalid-http": InvalidHttpError,
    "foreign-host": ForeignHostError,
    "foreign-origin": ForeignOriginError,
    "unsupported-media-type": UnsupportedMediaTypeError,
    "unknown-target": UnknownTargetError,
    "not-found": NotFoundError,
    "method-not-allowed": MethodNotAllowedError,
    "unknown-job": UnknownJobError,
    "job-not-finished": JobNotFinishedError,
    "job-settled": JobSettledError,
    "job-cancelled": JobCancelledError,
    "job-underway": JobUnderwayError,
    "result-expired": ResultExpiredError,
    "too-many-jobs": TooManyJobsError,
    "worker-lost": WorkerLostError,
    "job-timeout": JobTimeoutError,
    "invalid-job-parameters": InvalidJobParametersError,
    "job-crashed": JobCrashedError,
    "job-not-started": JobNotStartedError,
    "faces-left-out": FacesLeftOutError,
    "unknown-webhook": UnknownWebhookError,
    "too-many-webhooks": TooManyWebhooksError,
    "no-date": NoDateError,
    "ambiguous-date": AmbiguousDateError,
    "no-attention": NoAttentionError,
    "text-too-long": TextTooLongError,
    "unknown-locale": UnknownLocaleError,
    "missing-key": MissingKeyError,
    "invalid-key": InvalidKeyError,
    "expired-key": ExpiredKeyError,
    "invalid-signature": InvalidSignatureError,
    "expired-signature": ExpiredSignatureError,
    "replayed-request": ReplayedRequestError,
    "insufficient-scope": InsufficientScopeError,
    "unknown-key": UnknownKeyError,
    "last-admin-key": LastAdminKeyError,
    "rate-exceeded": RateExceededError,
    "session-ended": SessionEndedError,
    "unknown-session": UnknownSessionError,
    "invalid-csrf-token": InvalidCsrfTokenError,
    "revoked-key": RevokedKeyError,
    "unknown-model": UnknownModelError,
    "wrong-task": WrongTaskError,
    "invalid-manifest": InvalidManifestError,
    "weights-missing": WeightsMissingError,
    "checksum-mismatch": ChecksumMismatchError,
    "licence-not-accepted": LicenceNotAcceptedError,
    "model-without-address": ModelWithoutAddressError,
    "pull-underway": PullUnderwayError,
    "weights-too-large": WeightsTooLargeError,
    "disk-full": DiskFullError,
    "download-failed": DownloadFailedError,
    "invalid-weights": InvalidWeightsError,
    "model-exists": ModelExistsError,
    "encoder-not-ready": EncoderNotReadyError,
    "index-in-use": IndexInUseError,
    "unwritable-place": UnwritablePlaceError,
    "overloaded": OverloadedError,
    "queue-full": QueueFullError,
    "deadline-exceeded": DeadlineExceededError,
    "storage-full": StorageFullError,
    "storage-read-only": StorageReadOnlyError,
    "database-locked": DatabaseLockedError,
    "database-unavailable": DatabaseUnavailableError,
    "master-key-missing": MasterKeyMissingError,
    "wrong-master-key": WrongMasterKeyError,
    "seal-broken": SealBrokenError,
    "images-unavailable": ImagesUnavailableError,
    "images-of-another": ImagesOfAnotherError,
    "index-unavailable": IndexUnavailableError,
    "audit-unavailable": AuditUnavailableError,
    "internal-error": InternalErrorError,
}
