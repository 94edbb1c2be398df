// Made by `python -m deploy.clients.typescript`; changed there, never here.

/** The code of an error, which stays the same. */
export type Code =
  /** Empty image. Send the picture itself; look for an upload that failed before. */
  | "empty-image"
  /** Not an image. Convert it to JPEG or PNG. */
  | "not-an-image"
  /** Truncated image. Get the file again, or save it anew. */
  | "truncated-image"
  /** Animated image. Send one frame, or send it as a recording. */
  | "animated-image"
  /** Image too large. Send a smaller or more compressed picture. */
  | "image-too-large"
  /** Too many pixels. Send it smaller, or raise FACET_MAX_IMAGE_PIXELS. */
  | "too-many-pixels"
  /** Image too demanding. Save it anew as JPEG or PNG. */
  | "image-too-demanding"
  /** Unreadable object. Send the picture itself, or have an operator name its bucket. */
  | "unreadable-object"
  /** Too many images. Send them in several requests. */
  | "too-many-images"
  /** Not a video. Send GIF, WebP, MP4 or WebM, or single pictures as `images`. */
  | "not-a-video"
  /** Damaged video. If it plays, encode it anew as H.264. */
  | "damaged-video"
  /** No frames. Look whether it is sound alone. */
  | "no-frames"
  /** Video too large. Send a shorter part, or compress it more. */
  | "video-too-large"
  /** Video too long. Send the part that shows the people. */
  | "video-too-long"
  /** Too many frames. Send a shorter part, or fewer frames per second. */
  | "too-many-frames"
  /** Video too demanding. Send a shorter part, or fewer or smaller frames. */
  | "video-too-demanding"
  /** No face. Send a picture taken from nearer, or ask for a smaller `min_face`. */
  | "no-face"
  /** Several faces. Crop the picture, or say `face=largest`. */
  | "several-faces"
  /** Face too small. Send a picture taken from nearer or at a higher resolution. */
  | "face-too-small"
  /** Poor quality. Send a sharp, evenly lit, frontal picture. */
  | "poor-quality"
  /** Resembles another. Look whether the picture is of the right person; else merge the subjects. */
  | "resembles-another"
  /** Duplicate face. Merge the subjects, or enroll with `duplicates=warn`. */
  | "duplicate-face"
  /** Unknown collection. Look at the name, and at the key's collection. */
  | "unknown-collection"
  /** Unknown subject. Look for its id in the list of subjects. */
  | "unknown-subject"
  /** Unknown face. Look for its id in the list of faces. */
  | "unknown-face"
  /** Image not kept. Collections with `keep_images=true` keep one for every face. */
  | "image-not-kept"
  /** Subject without faces. Enroll at least one face of the subject first. */
  | "subject-without-faces"
  /** Duplicate collection. Choose another name. */
  | "duplicate-collection"
  /** Sealed collection. Ask for whole values: `name`, `external_id`, `where`. */
  | "sealed-collection"
  /** Changed meanwhile. Get it again, and send the request with its new version. */
  | "changed-meanwhile"
  /** Duplicate subject. Choose another one, or enroll into that subject. */
  | "duplicate-subject"
  /** Unknown group. Look at the list of groups; naming or discarding ends one. */
  | "unknown-group"
  /** Unknown sighting. Look at the list of groups. */
  | "unknown-sighting"
  /** Unknown operation. Look at the list of operations; it goes back 30 days. */
  | "unknown-operation"
  /** Operation undone. Do what has to be done as an operation of its own. */
  | "operation-undone"
  /** Operation superseded. Undo what was done later first. */
  | "operation-superseded"
  /** Subject restricted. Look at the subject's rights. */
  | "subject-restricted"
  /** Consent required. Record the consent with the subject's rights first. */
  | "consent-required"
  /** Unknown receipt. Look at the list of receipts. */
  | "unknown-receipt"
  /** Erased. Leave them out, or import with --allow-erased. */
  | "erased"
  /** Unknown suggestion. Look at the list of suggestions; it changes with the gallery. */
  | "unknown-suggestion"
  /** Unknown negative. Look at the subject's negatives; they go with their faces. */
  | "unknown-negative"
  /** Too few subjects. Enroll more people first. */
  | "too-few-subjects"
  /** Unknown calibration. Look at the proposed one. */
  | "unknown-calibration"
  /** Too many faces. Order it as a job, with POST to the same address. */
  | "too-many-faces"
  /** Outside policy. Ask for what the policy permits, or ask an administrator. */
  | "outside-policy"
  /** Collection full. Erase something, or have an administrator raise its quota. */
  | "collection-full"
  /** Encoder mismatch. Leave the encoder out, or use a collection made with it. */
  | "encoder-mismatch"
  /** Unknown style. Look at the list of styles. */
  | "unknown-style"
  /** Duplicate style. Choose another name, or delete that one first. */
  | "duplicate-style"
  /** Too many styles. Delete one that is no longer needed. */
  | "too-many-styles"
  /** Invalid request. Correct what `errors` names. */
  | "invalid-request"
  /** Invalid json. Send JSON in UTF-8. */
  | "invalid-json"
  /** Invalid base64. Encode the file's bytes as base64; data URIs are taken, too. */
  | "invalid-base64"
  /** Invalid cursor. Leave it out to start anew. */
  | "invalid-cursor"
  /** Invalid threshold. Rates lie in (0, 1), similarities in [-1, 1]. */
  | "invalid-threshold"
  /** Idempotency conflict. Use a new key for every new request. */
  | "idempotency-conflict"
  /** Request too large. Send less, or in several requests. */
  | "request-too-large"
  /** Request timeout. Send it faster, and all of it within FACET_BODY_TIMEOUT. */
  | "request-timeout"
  /** Headers too large. Send shorter headers. */
  | "headers-too-large"
  /** Invalid http. Look at the client, or at a proxy between. */
  | "invalid-http"
  /** Foreign host. Use a local name, or turn keys on. */
  | "foreign-host"
  /** Foreign origin. Allow it by FACET_CORS_ORIGINS, or open the address yourself. */
  | "foreign-origin"
  /** Unsupported media type. Send multipart/form-data with files, or application/json. */
  | "unsupported-media-type"
  /** Unknown target. Use one of those that the hint names. */
  | "unknown-target"
  /** Not found. Look at the description of the API. */
  | "not-found"
  /** Method not allowed. Use one of these. */
  | "method-not-allowed"
  /** Unknown job. Look at the list of jobs. */
  | "unknown-job"
  /** Job not finished. Follow its events, or ask again later. */
  | "job-not-finished"
  /** Job settled. Delete its result to have that removed before its time. */
  | "job-settled"
  /** Job cancelled. Ask for the work anew. */
  | "job-cancelled"
  /** Job underway. Follow it, or cancel it first. */
  | "job-underway"
  /** Result expired. Ask for the work anew. */
  | "result-expired"
  /** Too many jobs. Wait for one to end, or cancel one. */
  | "too-many-jobs"
  /** Worker lost. See what was done, and ask for the rest anew. */
  | "worker-lost"
  /** Job timeout. Ask for less, or raise FACET_JOB_TIMEOUTS. */
  | "job-timeout"
  /** Invalid job parameters. Upgrade the workers, or ask for the work anew. */
  | "invalid-job-parameters"
  /** Job crashed. Ask for less. */
  | "job-crashed"
  /** Job not started. Set FACET_JOB_WORKERS or run `facet worker`, then ask anew. */
  | "job-not-started"
  /** Faces left out. Enroll new pictures and delete them, or set `erase_left_out`. */
  | "faces-left-out"
  /** Unknown webhook. Look at `facet webhooks list`. */
  | "unknown-webhook"
  /** Too many webhooks. Remove one that is no longer needed. */
  | "too-many-webhooks"
  /** No date. Write day, month and year; day and year in digits. */
  | "no-date"
  /** Ambiguous date. Write YYYY-MM-DD, or name the locale. */
  | "ambiguous-date"
  /** No attention. Ask for JSON. */
  | "no-attention"
  /** Text too long. Send the dates with the few words around them. */
  | "text-too-long"
  /** Unknown locale. Use one of those that the detail names. */
  | "unknown-locale"
  /** Missing key. Send a key; make one with `facet keys create`. */
  | "missing-key"
  /** Invalid key. Use another one, or make one. */
  | "invalid-key"
  /** Expired key. Make a new one. */
  | "expired-key"
  /** Invalid signature. Look at the secret, and at proxies that change requests. */
  | "invalid-signature"
  /** Expired signature. Set the client's clock, or sign the request anew. */
  | "expired-signature"
  /** Replayed request. Sign a new request for each call. */
  | "replayed-request"
  /** Insufficient scope. Make a key with the scope that the hint names. */
  | "insufficient-scope"
  /** Unknown key. Look at `facet keys list`. */
  | "unknown-key"
  /** Last admin key. Make another one first, or say `force`. */
  | "last-admin-key"
  /** Rate exceeded. Try again after Retry-After; send less in a second. */
  | "rate-exceeded"
  /** Session ended. Sign in again. */
  | "session-ended"
  /** Unknown session. Look at the list of sessions. */
  | "unknown-session"
  /** Invalid csrf token. Repeat the session's `csrf_token` in X-CSRF-Token. */
  | "invalid-csrf-token"
  /** Revoked key. Make a new one. */
  | "revoked-key"
  /** Unknown model. Look at `facet models list`. */
  | "unknown-model"
  /** Wrong task. Name a model of the task that the detail names. */
  | "wrong-task"
  /** Invalid manifest. Correct what the detail names. */
  | "invalid-manifest"
  /** Weights missing. Run `facet models pull`, or install the package that has them. */
  | "weights-missing"
  /** Checksum mismatch. Get it again; do not use it. */
  | "checksum-mismatch"
  /** Licence not accepted. Read the licence, then say `accept_licence`. */
  | "licence-not-accepted"
  /** Model without address. Install the package that has it, or bring the file. */
  | "model-without-address"
  /** Pull underway. Wait for it, or cancel its job first. */
  | "pull-underway"
  /** Weights too large. Look at the manifest's address and size. */
  | "weights-too-large"
  /** Disk full. Free disk space, or set FACET_MODEL_CACHE_DIR. */
  | "disk-full"
  /** Download failed. Try again, or look at network and address. */
  | "download-failed"
  /** Invalid weights. Get it again, or look at the manifest. */
  | "invalid-weights"
  /** Model exists. Use the next version. */
  | "model-exists"
  /** Encoder not ready. Pull or calibrate it. */
  | "encoder-not-ready"
  /** Index in use. Stop it first. */
  | "index-in-use"
  /** Unwritable place. Name another place, or make that one writable. */
  | "unwritable-place"
  /** Overloaded. Try again after Retry-After; send less at once. */
  | "overloaded"
  /** Queue full. Try again after Retry-After. */
  | "queue-full"
  /** Deadline exceeded. Try again after Retry-After; send smaller pictures. */
  | "deadline-exceeded"
  /** Storage full. Free disk space or raise the quota. */
  | "storage-full"
  /** Storage read only. Make it writable, or point FACET_DATABASE_URL at the primary. */
  | "storage-read-only"
  /** Database locked. Try again after Retry-After. */
  | "database-locked"
  /** Database unavailable. Look whether it runs, and at FACET_DATABASE_URL. */
  | "database-unavailable"
  /** Master key missing. Bring the key back, or name it by FACET_MASTER_KEY_FILE. */
  | "master-key-missing"
  /** Wrong master key. Name the right one by FACET_MASTER_KEY_FILE. */
  | "wrong-master-key"
  /** Seal broken. Restore it from a backup, or erase what it belongs to. */
  | "seal-broken"
  /** Images unavailable. Look whether it runs, and at FACET_IMAGES_URL. */
  | "images-unavailable"
  /** Images of another. Name another place by FACET_IMAGES_URL. */
  | "images-of-another"
  /** Index unavailable. Look whether it runs, and at FACET_INDEX_URL. */
  | "index-unavailable"
  /** Audit unavailable. Make the database writable, or set FACET_AUDIT=on. */
  | "audit-unavailable"
  /** Internal error. Please report it with the time of the request. */
  | "internal-error";
