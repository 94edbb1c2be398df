"""Every error that the service answers with: slug, status, title, and what to do about it."""

from collections.abc import Mapping
from typing import NamedTuple


class ProblemKind(NamedTuple):
    """The part that all errors of one slug have in common."""

    subject: str
    """Subject of the error."""
    status: int
    """Status of HTTP."""
    title: str
    hint: str
    """Advice where the error at hand says nothing better."""


_KINDS: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "Pictures": {
        "empty-image": (422, "Send the picture itself; look for an upload that failed before."),
        "not-an-image": (422, "Convert it to JPEG or PNG."),
        "truncated-image": (422, "Get the file again, or save it anew."),
        "animated-image": (422, "Send one frame, or send it as a recording."),
        "image-too-large": (413, "Send a smaller or more compressed picture."),
        "too-many-pixels": (413, "Send it smaller, or raise FACET_MAX_IMAGE_PIXELS."),
        "image-too-demanding": (413, "Save it anew as JPEG or PNG."),
        "unreadable-object": (422, "Send the picture itself, or have an operator name its bucket."),
        "too-many-images": (413, "Send them in several requests."),
    },
    "Recordings": {
        "not-a-video": (422, "Send GIF, WebP, MP4 or WebM, or single pictures as `images`."),
        "damaged-video": (422, "If it plays, encode it anew as H.264."),
        "no-frames": (422, "Look whether it is sound alone."),
        "video-too-large": (413, "Send a shorter part, or compress it more."),
        "video-too-long": (413, "Send the part that shows the people."),
        "too-many-frames": (413, "Send a shorter part, or fewer frames per second."),
        "video-too-demanding": (413, "Send a shorter part, or fewer or smaller frames."),
    },
    "Faces": {
        "no-face": (422, "Send a picture taken from nearer, or ask for a smaller `min_face`."),
        "several-faces": (422, "Crop the picture, or say `face=largest`."),
        "face-too-small": (422, "Send a picture taken from nearer or at a higher resolution."),
        "poor-quality": (422, "Send a sharp, evenly lit, frontal picture."),
        "resembles-another": (
            409,
            "Look whether the picture is of the right person; else merge the subjects.",
        ),
        "duplicate-face": (409, "Merge the subjects, or enroll with `duplicates=warn`."),
    },
    "Gallery": {
        "unknown-collection": (404, "Look at the name, and at the key's collection."),
        "unknown-subject": (404, "Look for its id in the list of subjects."),
        "unknown-face": (404, "Look for its id in the list of faces."),
        "image-not-kept": (404, "Collections with `keep_images=true` keep one for every face."),
        "subject-without-faces": (409, "Enroll at least one face of the subject first."),
        "duplicate-collection": (409, "Choose another name."),
        "sealed-collection": (409, "Ask for whole values: `name`, `external_id`, `where`."),
        "changed-meanwhile": (412, "Get it again, and send the request with its new version."),
        "duplicate-subject": (409, "Choose another one, or enroll into that subject."),
        "unknown-group": (404, "Look at the list of groups; naming or discarding ends one."),
        "unknown-sighting": (404, "Look at the list of groups."),
        "unknown-operation": (404, "Look at the list of operations; it goes back 30 days."),
        "operation-undone": (409, "Do what has to be done as an operation of its own."),
        "operation-superseded": (409, "Undo what was done later first."),
        "subject-restricted": (409, "Look at the subject's rights."),
        "consent-required": (409, "Record the consent with the subject's rights first."),
        "unknown-receipt": (404, "Look at the list of receipts."),
        "erased": (409, "Leave them out, or import with --allow-erased."),
        "unknown-suggestion": (
            404,
            "Look at the list of suggestions; it changes with the gallery.",
        ),
        "unknown-negative": (404, "Look at the subject's negatives; they go with their faces."),
        "too-few-subjects": (409, "Enroll more people first."),
        "unknown-calibration": (404, "Look at the proposed one."),
        "too-many-faces": (409, "Order it as a job, with POST to the same address."),
        "outside-policy": (403, "Ask for what the policy permits, or ask an administrator."),
        "collection-full": (409, "Erase something, or have an administrator raise its quota."),
        "encoder-mismatch": (409, "Leave the encoder out, or use a collection made with it."),
    },
    "Styles": {
        "unknown-style": (404, "Look at the list of styles."),
        "duplicate-style": (409, "Choose another name, or delete that one first."),
        "too-many-styles": (409, "Delete one that is no longer needed."),
    },
    "Requests": {
        "invalid-request": (422, "Correct what `errors` names."),
        "invalid-json": (400, "Send JSON in UTF-8."),
        "invalid-base64": (422, "Encode the file's bytes as base64; data URIs are taken, too."),
        "invalid-cursor": (422, "Leave it out to start anew."),
        "invalid-threshold": (422, "Rates lie in (0, 1), similarities in [-1, 1]."),
        "idempotency-conflict": (409, "Use a new key for every new request."),
        "request-too-large": (413, "Send less, or in several requests."),
        "request-timeout": (408, "Send it faster, and all of it within FACET_BODY_TIMEOUT."),
        "headers-too-large": (431, "Send shorter headers."),
        "invalid-http": (400, "Look at the client, or at a proxy between."),
        "foreign-host": (421, "Use a local name, or turn keys on."),
        "foreign-origin": (403, "Allow it by FACET_CORS_ORIGINS, or open the address yourself."),
        "unsupported-media-type": (
            415,
            "Send multipart/form-data with files, or application/json.",
        ),
        "unknown-target": (404, "Use one of those that the hint names."),
        "not-found": (404, "Look at the description of the API."),
        "method-not-allowed": (405, "Use one of these."),
    },
    "Jobs": {
        "unknown-job": (404, "Look at the list of jobs."),
        "job-not-finished": (409, "Follow its events, or ask again later."),
        "job-settled": (409, "Delete its result to have that removed before its time."),
        "job-cancelled": (409, "Ask for the work anew."),
        "job-underway": (409, "Follow it, or cancel it first."),
        "result-expired": (410, "Ask for the work anew."),
        "too-many-jobs": (429, "Wait for one to end, or cancel one."),
        "worker-lost": (409, "See what was done, and ask for the rest anew."),
        "job-timeout": (409, "Ask for less, or raise FACET_JOB_TIMEOUTS."),
        "invalid-job-parameters": (409, "Upgrade the workers, or ask for the work anew."),
        "job-crashed": (409, "Ask for less."),
        "job-not-started": (409, "Set FACET_JOB_WORKERS or run `facet worker`, then ask anew."),
        "faces-left-out": (409, "Enroll new pictures and delete them, or set `erase_left_out`."),
    },
    "Webhooks": {
        "unknown-webhook": (404, "Look at `facet webhooks list`."),
        "too-many-webhooks": (409, "Remove one that is no longer needed."),
    },
    "Dates": {
        "no-date": (422, "Write day, month and year; day and year in digits."),
        "ambiguous-date": (422, "Write YYYY-MM-DD, or name the locale."),
        "no-attention": (422, "Ask for JSON."),
        "text-too-long": (422, "Send the dates with the few words around them."),
        "unknown-locale": (422, "Use one of those that the detail names."),
    },
    "Keys": {
        "missing-key": (401, "Send a key; make one with `facet keys create`."),
        "invalid-key": (401, "Use another one, or make one."),
        "expired-key": (401, "Make a new one."),
        "invalid-signature": (401, "Look at the secret, and at proxies that change requests."),
        "expired-signature": (401, "Set the client's clock, or sign the request anew."),
        "replayed-request": (401, "Sign a new request for each call."),
        "insufficient-scope": (403, "Make a key with the scope that the hint names."),
        "unknown-key": (404, "Look at `facet keys list`."),
        "last-admin-key": (409, "Make another one first, or say `force`."),
        "rate-exceeded": (429, "Try again after Retry-After; send less in a second."),
        "session-ended": (401, "Sign in again."),
        "unknown-session": (404, "Look at the list of sessions."),
        "invalid-csrf-token": (403, "Repeat the session's `csrf_token` in X-CSRF-Token."),
        "revoked-key": (409, "Make a new one."),
    },
    "Models": {
        "unknown-model": (404, "Look at `facet models list`."),
        "wrong-task": (422, "Name a model of the task that the detail names."),
        "invalid-manifest": (503, "Correct what the detail names."),
        "weights-missing": (503, "Run `facet models pull`, or install the package that has them."),
        "checksum-mismatch": (503, "Get it again; do not use it."),
        "licence-not-accepted": (409, "Read the licence, then say `accept_licence`."),
        "model-without-address": (409, "Install the package that has it, or bring the file."),
        "pull-underway": (409, "Wait for it, or cancel its job first."),
        "weights-too-large": (409, "Look at the manifest's address and size."),
        "disk-full": (409, "Free disk space, or set FACET_MODEL_CACHE_DIR."),
        "download-failed": (503, "Try again, or look at network and address."),
        "invalid-weights": (503, "Get it again, or look at the manifest."),
        "model-exists": (409, "Use the next version."),
        "encoder-not-ready": (409, "Pull or calibrate it."),
        "index-in-use": (409, "Stop it first."),
        "unwritable-place": (409, "Name another place, or make that one writable."),
    },
    # Passing, so a 503 with Retry-After.
    "The server's own trouble": {
        "overloaded": (503, "Try again after Retry-After; send less at once."),
        "queue-full": (503, "Try again after Retry-After."),
        "deadline-exceeded": (503, "Try again after Retry-After; send smaller pictures."),
        "storage-full": (503, "Free disk space or raise the quota."),
        "storage-read-only": (503, "Make it writable, or point FACET_DATABASE_URL at the primary."),
        "database-locked": (503, "Try again after Retry-After."),
        "database-unavailable": (503, "Look whether it runs, and at FACET_DATABASE_URL."),
        "master-key-missing": (503, "Bring the key back, or name it by FACET_MASTER_KEY_FILE."),
        "wrong-master-key": (503, "Name the right one by FACET_MASTER_KEY_FILE."),
        "seal-broken": (503, "Restore it from a backup, or erase what it belongs to."),
        "images-unavailable": (503, "Look whether it runs, and at FACET_IMAGES_URL."),
        "images-of-another": (503, "Name another place by FACET_IMAGES_URL."),
        "index-unavailable": (503, "Look whether it runs, and at FACET_INDEX_URL."),
        "audit-unavailable": (503, "Make the database writable, or set FACET_AUDIT=on."),
        "internal-error": (500, "Please report it with the time of the request."),
    },
}

PROBLEM_KINDS: Mapping[str, ProblemKind] = {
    slug: ProblemKind(subject, status, slug.replace("-", " ").capitalize(), hint)
    for subject, kinds in _KINDS.items()
    for slug, (status, hint) in kinds.items()
}
"""By slug. Documents of errors are made of this table."""
STATUS: Mapping[str, int] = {slug: kind.status for slug, kind in PROBLEM_KINDS.items()}
