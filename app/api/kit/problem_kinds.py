"""Every error that the service answers with: slug, status, title, and what to do about it."""

from collections.abc import Mapping
from typing import NamedTuple


class ProblemKind(NamedTuple):
    """What all errors of one slug have in common."""

    subject: str
    """What it is about."""
    status: int
    """Of HTTP."""
    title: str
    hint: str
    """What to do, where the error at hand says nothing better."""


_KINDS: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "Pictures": {
        "empty-image": (422, "Send the file's bytes; an upload that failed leaves none."),
        "not-an-image": (422, "Send a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF file."),
        "truncated-image": (422, "The file ends early or is damaged: send it whole."),
        "animated-image": (422, "Send one frame, or use the routes of recordings."),
        "image-too-large": (413, "Send a smaller or more compressed picture."),
        "too-many-pixels": (413, "Send the picture at a smaller size."),
        "image-too-demanding": (413, "Save the picture anew as a JPEG, or at a smaller size."),
        "too-many-images": (413, "Send them in several requests."),
    },
    "Recordings": {
        "not-a-video": (422, "Send an animated GIF or WebP, an MP4 or a WebM."),
        "damaged-video": (422, "Save the recording anew, or send its frames as images."),
        "no-frames": (422, "Send a recording that holds at least one frame."),
        "video-too-large": (413, "Send a shorter or more compressed recording."),
        "video-too-long": (413, "Cut the recording to what matters."),
        "too-many-frames": (413, "Cut the recording, or save it with fewer frames a second."),
        "video-too-demanding": (413, "Send fewer or smaller frames, or ask for fewer."),
    },
    "Faces": {
        "no-face": (422, "Send a picture that shows the face larger and more clearly."),
        "several-faces": (422, "Send a picture of one person, or choose the dominant face."),
        "face-too-small": (422, "Send a picture on which the face is larger."),
        "poor-quality": (422, "Send a sharp, well-lit picture of the face from the front."),
        "duplicate-face": (409, "Merge the subjects, or enroll with duplicates=warn."),
    },
    "The gallery": {
        "unknown-collection": (404, "GET /v1/collections lists those there are."),
        "unknown-subject": (404, "The subject may have been erased or merged; list the others."),
        "unknown-face": (404, "The face may have been erased; list the subject's faces."),
        "image-not-kept": (404, "Only collections with keep_images keep pictures of new faces."),
        "subject-without-faces": (409, "Enroll a picture of the subject first."),
        "duplicate-collection": (409, "Choose another name, or use the collection there is."),
        "duplicate-subject": (409, "Use the subject there is, or another external id."),
        "encoder-mismatch": (409, "Leave the encoder out, or name that of the collection."),
    },
    "Styles": {
        "unknown-style": (404, "GET /v1/styles lists those there are."),
        "duplicate-style": (409, "Choose another name, or remove the style there is."),
        "too-many-styles": (409, "Remove a style that is not needed any more."),
    },
    "Requests": {
        "invalid-request": (422, "Correct the fields that the error names."),
        "invalid-json": (400, "Send one JSON object, encoded as UTF-8."),
        "invalid-base64": (422, "Encode the file's bytes as RFC 4648 has it."),
        "invalid-cursor": (422, "Leave the cursor out to start anew."),
        "invalid-threshold": (422, "Name one rate or one similarity, within its bounds."),
        "idempotency-conflict": (409, "Use a new Idempotency-Key for every new request."),
        "request-too-large": (413, "Send less, or in several requests."),
        "request-timeout": (408, "Send the request faster, or a smaller one."),
        "headers-too-large": (431, "Send fewer and shorter headers."),
        "invalid-http": (400, "Speak HTTP/1.1 as RFC 9112 has it."),
        "foreign-host": (421, "Use localhost, or turn auth on (FACET_AUTH=keys)."),
        "foreign-origin": (403, "Allow the page's origin by FACET_CORS_ORIGINS."),
        "unsupported-media-type": (415, "Send the Content-Type that the route describes."),
        "not-found": (404, "Look at the path: /docs lists those there are."),
        "method-not-allowed": (405, "The header Allow names the methods of this path."),
    },
    "Jobs": {
        "unknown-job": (404, "GET /v1/jobs lists those of your key."),
        "job-not-finished": (409, "Wait for the job, or follow its events."),
        "job-settled": (409, "The job is over; there is nothing left to cancel."),
        "job-cancelled": (409, "Order the work again if it is still wanted."),
        "job-underway": (409, "Wait for the job that runs, or cancel it."),
        "result-expired": (410, "Order the work again and fetch its result sooner."),
        "too-many-jobs": (429, "Wait until one of your jobs is done."),
        "worker-lost": (409, "Order the work again."),
        "job-timeout": (409, "Order less work, or raise FACET_JOB_TIMEOUTS."),
        "job-crashed": (409, "Order it again with less; memory may have run out."),
        "job-not-started": (409, "Start a worker: facet worker."),
        "faces-left-out": (409, "Erase the faces, or ask for it with erase_left_out."),
    },
    "Dates in texts": {
        "no-date": (422, "Write a complete date, with day, month and year."),
        "ambiguous-date": (422, "Write the date as YYYY-MM-DD, or name the locale."),
        "no-attention": (422, "Ask for JSON: rules read this date and no network."),
        "text-too-long": (422, "Send the part of the text that holds the date."),
        "unknown-locale": (422, "Name a locale such as en-GB, or leave it out."),
    },
    "Keys": {
        "missing-key": (401, "Send a key; make one with `facet keys create`."),
        "invalid-key": (401, "Look at the key; it may have been revoked."),
        "expired-key": (401, "Make a new key with `facet keys create`."),
        "insufficient-scope": (403, "Use a key with the scope that this needs."),
        "unknown-key": (404, "`facet keys list` shows those there are."),
    },
    "Models": {
        "unknown-model": (404, "GET /v1/models lists those there are."),
        "wrong-task": (422, "Name a model that does what is asked for."),
        "invalid-manifest": (503, "The operator has to correct the model's manifest."),
        "weights-missing": (503, "The operator has to pull the model: facet models pull."),
        "checksum-mismatch": (503, "The operator has to pull the model again."),
        "download-failed": (503, "Try again when the source of the model answers."),
        "invalid-weights": (503, "The operator has to pull the model again."),
        "model-exists": (409, "Choose another name or version."),
        "encoder-not-ready": (409, "Pull its weights and measure its curve first."),
    },
    "The server's places": {
        "index-in-use": (409, "Stop the server that uses the index first."),
        "unwritable-place": (409, "Name a place that the server's user can write to."),
    },
    # Passing, so a 503 with Retry-After.
    "The server's own trouble": {
        "overloaded": (503, "Try again after the time in Retry-After."),
        "queue-full": (503, "Try again after the time in Retry-After."),
        "deadline-exceeded": (503, "Try again, or send a smaller picture."),
        "storage-full": (503, "Free disk space or raise the quota, then try again."),
        "storage-read-only": (503, "The operator has to make the data directory writable."),
        "database-locked": (503, "Try again after the time in Retry-After."),
        "database-unavailable": (503, "Try again when the database answers."),
        "index-unavailable": (503, "Try again when the engine of the index answers."),
        "internal-error": (500, "Report it with the request's id."),
    },
}

PROBLEM_KINDS: Mapping[str, ProblemKind] = {
    slug: ProblemKind(subject, status, slug.replace("-", " ").capitalize(), hint)
    for subject, kinds in _KINDS.items()
    for slug, (status, hint) in kinds.items()
}
"""By slug. Documents of errors are made of this table."""
STATUS: Mapping[str, int] = {slug: kind.status for slug, kind in PROBLEM_KINDS.items()}
