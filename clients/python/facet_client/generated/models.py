"""Answers of the service.

Made by `python -m deploy.clients.python`; changed there, never here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, RootModel


class Attention(BaseModel):
    """
    Attention of the network: a row per digit of the date, a column per character.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    rows: list[str]
    columns: list[str]
    """
    The locale it was told, then the normalised text.
    """
    weights: list[list[float]]
    """
    Each row sums to 1.
    """


class AuditEntry(BaseModel):
    """
    One action of one caller. It names nobody: people are ids of subjects and faces.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    seq: int
    """
    Its place in the chain, from 1 on without a gap.
    """
    time: AwareDatetime
    origin: Literal["http", "command"]
    key: str
    """
    Id of the API key; `local` for commands and where keys are off.
    """
    address: str
    request_id: str
    action: str
    outcome: str
    """
    `done`, `begun`, what was decided, or the code of the error it ended with.
    """
    collection: str | None
    """
    Its name at that time.
    """
    collection_id: str | None
    subject: str | None
    faces: list[int]
    decision: dict[str, Any] | None
    """
    What was asked, threshold and its rate, similarity, rate and whether that is a bound as the answer gave them.
    """
    details: dict[str, Any]
    hash: str
    """
    SHA-256 of the hash before and this entry's canonical JSON.
    """


class Box(BaseModel):
    """
    Pixels of the upright image, to a tenth; may reach over its border.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    x: float
    y: float
    width: float
    height: float


class CalibratedPoint(BaseModel):
    """
    Rates of one similarity, side by side.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    similarity: float
    general: float
    """
    False-match rate by the encoder's curve.
    """
    fmr: float
    """
    By the collection's own.
    """
    low: float
    """
    Of the collection's own, with a confidence of 95 %.
    """
    high: float


class Calibration(BaseModel):
    """
    A collection's own curve, beside its encoder's.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    encoder: str
    made_at: AwareDatetime
    subjects: int
    """
    With faces, when it was made.
    """
    compared_subjects: int
    """
    Of them those compared; fewer are a sample.
    """
    comparisons: int
    """
    Of faces with other subjects.
    """
    dependence: float
    """
    How many comparisons say as much as one independent one.
    """
    tail_from: float
    """
    The similarity beyond which rates are fitted.
    """
    power: float
    """
    Of the encoder's rate that they follow there.
    """
    fpir: float
    """
    The rate at which the collection operates.
    """
    threshold: float
    """
    The similarity that it needs by this curve.
    """
    general_threshold: float
    """
    By the encoder's curve.
    """
    supported_fmr: float
    """
    The smallest rate that the comparisons behind this curve support.
    """
    general_supported_fmr: float
    """
    Of the encoder's curve.
    """
    points: list[CalibratedPoint]


class Calibrations(BaseModel):
    """
    The calibrations of a collection.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    collection: str
    encoder: str
    subjects: int
    """
    With faces, now.
    """
    in_force: Calibration | None
    """
    By which the collection decides; null: by its encoder's curve.
    """
    stale: bool
    """
    Whether the collection has half as many subjects again, or a third fewer, since the one in force was made: then calibrate anew.
    """
    proposed: Calibration | None
    """
    Which waits to be accepted.
    """


class Consent(BaseModel):
    """
    A record of why a subject may be recognised.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    basis: Literal[
        "consent",
        "contract",
        "legal-obligation",
        "vital-interests",
        "public-task",
        "legitimate-interests",
    ]
    reference: str
    """
    Where the operator keeps what was signed.
    """
    given_at: AwareDatetime
    expires_at: AwareDatetime | None
    withdrawn_at: AwareDatetime | None
    recorded_at: AwareDatetime
    recorded_by: str
    """
    Id of the API key; `local` for commands.
    """


class DeadDelivery(BaseModel):
    """
    A delivery that was given up.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: int
    event_id: int
    attempts: int
    error: str | None
    """
    What was wrong at the last attempt.
    """
    event: dict[str, Any]


class Denied(BaseModel):
    """
    Numbers of faces that are not the subject's.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    subject_id: str
    negatives: int
    """
    Noted now, without those that were noted before.
    """
    unknown: int
    """
    Sightings that were taken for the subject, and are nobody's now.
    """
    operation_id: str
    """
    Undoes it.
    """


class Landmark(RootModel[tuple[float, float]]):
    root: Annotated[tuple[float, float], Field(max_length=2, min_length=2)]


class Discarded(BaseModel):
    """
    The number of a group's faces that were erased.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    group_id: str
    faces: int


class Duplicate(BaseModel):
    """
    Another subject that the face could be taken for.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    subject_id: str
    name: str
    face_id: int
    similarity: float | None
    """
    To a thousandth; null when the key was given as many numbers of the subject as it may be.
    """
    fmr: float | None
    """
    To one digit; null likewise.
    """
    fmr_is_bound: bool = False
    """
    Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one.
    """


class EndedSessions(BaseModel):
    """
    The number of browsers that were signed out.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    ended: int


class Expired(BaseModel):
    """
    A subject whose time is over.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    subject_id: str
    reason: Literal["request", "retention", "keep-until", "consent-ended"]
    since: AwareDatetime
    receipt_id: str | None
    """
    Of the erasure; null where it was not made.
    """


class Forgotten(BaseModel):
    """
    The negative that was taken back.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    negative_id: str


class JobFailure(BaseModel):
    """
    The reason why a job failed; `code` is stable.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    code: str
    detail: str
    hint: str = ""
    data: dict[str, Any]


class JobProgress(BaseModel):
    """
    The progress of a job.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    fraction: float
    """
    In [0, 1].
    """
    message: str
    data: dict[str, Any]
    """
    Figures of the kind's own, such as a loss.
    """


class JobResult(BaseModel):
    """
    The result of a job, to be fetched at `…/result` until it expires.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    media_type: str
    bytes: int
    expires_at: AwareDatetime


class KeyLimits(BaseModel):
    """
    Limits of one key; null is none beside those of the server.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    requests_per_second: int | None
    """
    Requests.
    """
    pictures_per_second: int | None
    """
    Pictures and recordings, however many requests bring them.
    """
    workers: int | None
    """
    Requests at work on the networks at once, in each process; others of the key wait.
    """
    streams: int | None
    """
    Events followed at once, in each process.
    """
    jobs: int | None
    """
    Jobs waiting and running.
    """


class KeyWithSecret(BaseModel):
    """
    An API key at the one time that it is shown.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    name: str
    scopes: list[str]
    collection_id: str | None
    """
    The one it is bound to; null is every one.
    """
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    previous_until: AwareDatetime | None
    """
    Until when the secret before the last rotation is taken, too.
    """
    last_used_at: AwareDatetime | None
    """
    To the minute.
    """
    last_used_from: str | None
    """
    Address of the client.
    """
    revoked_at: AwareDatetime | None
    limits: KeyLimits
    form: str
    """
    Clients that send it: native, or those of another system.
    """
    key: str
    """
    What to send, natively as `Authorization: Bearer`; never shown again.
    """


class LeftOut(BaseModel):
    """
    Numbers of faces since yesterday (UTC) that should have been remembered and were not.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    over_limit: int
    """
    More than the policy allows of a day.
    """
    lost: int
    """
    Too many at once, or the database could not be written.
    """


class LostSubject(BaseModel):
    """
    A subject that would be left without a face.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    name: str


class Merged(BaseModel):
    """
    The subject that has taken over the faces of another one.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    name: str
    external_id: str | None
    metadata: dict[str, Any]
    faces: int
    face_id: int | None = None
    """
    The face that stands for it: the chosen one, or its best.
    """
    image_kept: bool = False
    """
    Whether the picture of that face is kept.
    """
    created_at: AwareDatetime
    updated_at: AwareDatetime
    version: str
    """
    Changes with every edit; also the answer's `ETag`, for `If-Match`.
    """
    unreadable: list[str] = []
    """
    Fields that an older version stored and that cannot be given out; they stand empty here until they are written anew.
    """
    birth_date_calendar: str | None = None
    """
    The calendar of the text that this request's `birth_date` was read from, such as `japanese`; null for ISO dates and in all other answers.
    """
    operation_id: str
    """
    Undoes it.
    """


class ModelProblem(BaseModel):
    """
    An obstacle that keeps a model from serving, and what to do about it.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    code: str
    detail: str
    hint: str


class ModelSummary(BaseModel):
    """
    One line of the registry.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    key: str
    task: str
    default: bool
    description: str
    licence: str
    commercial_use: bool
    provenance_doubt: str = ""
    """
    Doubt whether its training data allowed what the licence allows.
    """
    ready: bool
    """
    Whether collections and requests can use it right now.
    """
    downloadable: bool = False
    """
    Whether its weights are missing here, and can be fetched by `…/pull`.
    """
    problem: ModelProblem | None = None
    """
    Why it is not ready.
    """


class ModelTerms(BaseModel):
    """
    Terms under which files of a model are fetched.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    model: str
    """
    The model, or a part of it.
    """
    licence: str
    licence_url: str
    commercial_use: bool
    restricts: list[str]
    """
    Uses that the licence does not allow.
    """
    provenance_doubt: str = ""
    """
    Doubt whether its training data allowed what the licence allows.
    """
    addresses: list[str]
    """
    Of its files.
    """
    bytes: int | None
    """
    Of all of them, where the manifest states them.
    """


class Models(BaseModel):
    """
    The registry.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    models: list[ModelSummary]


class NearestSubject(BaseModel):
    """
    A subject to whom faces of a group are nearest.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    name: str
    faces: int
    """
    Of the newest 50 of the group.
    """
    fmr: float | None
    """
    The least rate that an answer gave of them; null where none was given.
    """
    fmr_is_bound: bool = False
    """
    Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one.
    """


class Negative(BaseModel):
    """
    A kept face that is not of a subject, as somebody has said.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    face_id: int | None
    """
    The enrolled face, of whatever subject it is.
    """
    sighting_id: int | None
    """
    Or the sighting.
    """
    at: AwareDatetime
    key_id: str
    """
    Of the key that asked; `local` where there was none.
    """


class NewWebhook(BaseModel):
    """
    A webhook that was just made.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    url: str
    kinds: list[
        Literal[
            "sighted",
            "recognized",
            "enrolled",
            "erased",
            "group-named",
            "health-changed",
        ]
    ]
    """
    Every kind where it is empty.
    """
    collection_id: str | None
    created_at: AwareDatetime
    waiting: int
    """
    Deliveries that are tried again, or for the first time.
    """
    dead: int
    """
    Deliveries that were given up.
    """
    missed: int
    """
    Times that events were gone before they could be delivered.
    """
    secret: str
    """
    To check signatures with; it is not told again.
    """


class Operation(BaseModel):
    """
    A recorded correction. It can be undone until `ends_at`, and is forgotten then.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    kind: Literal[
        "move",
        "merge",
        "refuse",
        "choose-face",
        "name-group",
        "split-group",
        "merge-groups",
        "ignore-group",
    ]
    at: AwareDatetime
    key_id: str
    """
    Of the key that asked; `local` where there was none.
    """
    subject_id: str
    """
    The subject that was given the faces, or of which something was refused; empty for none, as of what was done to groups.
    """
    made_subject: bool
    """
    Whether that subject was made for it.
    """
    absorbed_subject: str | None
    """
    The name of the subject that a merge removed; null once it is back.
    """
    faces: dict[str, str]
    """
    The subject that each face had, by face id, of those that there still are, or an empty word where it was nobody's; empty once it is undone.
    """
    undone_at: AwareDatetime | None
    ends_at: AwareDatetime


class AuditEntryPage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[AuditEntry]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class DeadDeliveryPage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[DeadDelivery]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class NegativePage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[Negative]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class OperationPage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[Operation]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class PicturesLookedFor(BaseModel):
    """
    Kept pictures that the work needs, by whether their files were found.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    looked_for: int
    missing: int
    not_looked_for: int
    """
    They were too many, or their place is away.
    """


class PlacedDate(BaseModel):
    """
    A date and where it stands.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    date: str
    """
    ISO 8601.
    """
    start: int
    """
    Of its place in the text as it was sent, in code points.
    """
    end: int
    """
    The first code point after it.
    """
    calendar: Literal["gregorian", "japanese", "roc", "buddhist", "islamic-umalqura", "persian"]
    """
    By which it is written, by its name in the CLDR.
    """
    read_by: Literal["network", "calendar"]
    """
    `calendar` where rules alone have converted it.
    """
    probability: float
    """
    1 where rules alone have converted it.
    """
    other_readings: list[str]
    """
    Days its digits could just as well mean.
    """


class Policy(BaseModel):
    """
    Bounds of what callers may ask for; null bounds nothing.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    max_fpir: float | None = None
    """
    The laxest rate of a search.
    """
    max_fmr: float | None = None
    """
    The laxest rate of a claim.
    """
    own_thresholds: bool
    """
    Whether callers may name thresholds of their own.
    """
    min_quality: float | None = None
    """
    That an enrolled face needs at least.
    """
    review_mode: Literal["off", "warn", "strict"] = "off"
    """
    What becomes of a face that resembles another subject more.
    """
    require_consent: bool
    """
    Whether nobody is enrolled without a record of consent that holds.
    """
    keep_days: float | None = None
    """
    Days from its making after which a subject is erased.
    """
    max_subjects: int | None = None
    max_faces: int | None = None
    """
    Those without a name included.
    """
    max_bytes: int | None = None
    """
    Of kept pictures, as they are stored.
    """
    remember: Literal["nothing", "unknown", "all"]
    """
    Recognized faces that are kept as sightings: none, unknown people's, or all.
    """
    remember_days: float
    """
    Days that sightings are kept.
    """
    remember_per_day: int
    """
    Sightings of a day (UTC) at most.
    """
    remember_quality: float
    """
    That a sighting needs at least.
    """


class Pose(BaseModel):
    """
    Degrees; zero is frontal.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    yaw: float
    pitch: float
    roll: float


class Problem(BaseModel):
    """
    An error. `code` is stable; the texts may change.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str = ""
    request_id: str = ""
    """
    The request's id, as in the header X-Request-Id.
    """
    errors: list[dict[str, Any]] | None = None
    """
    Per field, if it is one.
    """


class Quality(BaseModel):
    """
    A score in [0, 1] and what lowered it.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    score: Annotated[float, Field(ge=0.0, le=1.0)]
    reasons: list[str]
    """
    Any of small-face, blurred, dark, bright, extreme-pose, cut-by-border, low-confidence.
    """
    sharpness: float
    brightness: float


class Ready(BaseModel):
    """
    The readiness for requests, and what is missing.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    ready: bool
    checks: dict[str, str]


class Receipt(BaseModel):
    """
    Counts of what an erasure removed (or, in a dry run, would remove).
    """

    model_config = ConfigDict(
        extra="allow",
    )
    erased: Literal["face", "subject", "collection", "faces", "contents", "sightings"]
    id: str
    receipt_id: str | None
    """
    Of the signed receipt, see `/v1/receipts`; null in a dry run, and where it could not be kept.
    """
    dry_run: bool
    at: AwareDatetime
    subjects: int
    faces: int
    templates: int
    """
    Of the faces, and those that waited for a change of encoder.
    """
    images: int
    """
    Files that no other face needs.
    """
    index_entries: int | None
    """
    Entries that left the index; null where it could not be asked.
    """
    idempotency_records: int
    """
    Stored answers to enrolments.
    """
    operations: int
    """
    Records of moved faces and merges about the subject.
    """
    sightings: int
    """
    Faces that were remembered, of an erased subject; of an erased collection those that were imported without names, too.
    """
    index: Literal["done", "pending"] | None
    """
    `pending`: the index is away. What was erased leaves it before it is searched again, and answers never name it. null in a dry run.
    """
    log_emptied: bool | None
    """
    Whether SQLite's write-ahead log holds nothing of it either. false: somebody who reads keeps the log in use; the server tries again every few seconds until it is done. null: there is no such log within reach (PostgreSQL), or it is a dry run.
    """
    files: Literal["done", "pending"] | None = None
    """
    `pending`: object storage is away; files of pictures are deleted as soon as it is back. null in a dry run.
    """


class ReceiptKey(BaseModel):
    """
    The public half of a key that signs receipts.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    public_key: str
    """
    Ed25519, in PEM.
    """
    made_at: AwareDatetime


class ReceiptKeys(BaseModel):
    """
    Every key that has signed receipts, the one that signs now last.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    items: list[ReceiptKey]


class ReencodingForecast(BaseModel):
    """
    Forecast of a re-encoding, from counts of the database; nothing is changed.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    dry_run: bool = True
    collection: str
    from_encoder: str
    to_encoder: str
    ready: bool
    """
    Whether the new encoder could serve: weights, curve.
    """
    problem: ModelProblem | None = None
    """
    Why it could not.
    """
    faces: int
    subjects: int
    """
    With faces.
    """
    waiting: int
    """
    Faces that an interrupted re-encoding has made ready.
    """
    encodable_faces: int
    """
    Those with a kept picture, or ready. At most: whether a picture can be read, and its face found again, is known when it is done.
    """
    encodable_subjects: int
    """
    Subjects that keep a face.
    """
    lost_faces: int
    """
    Faces without a picture: the re-encoding fails, or with `erase_left_out` erases them.
    """
    lost_subjects: int
    """
    Subjects that would be left without a face.
    """
    lost: list[LostSubject]
    """
    The first 50 of them, by id.
    """
    pictures: PicturesLookedFor
    seconds: float
    """
    How long it may take.
    """
    seconds_from: Literal["last-job", "typical"]
    """
    `last-job`: by the last re-encoding here. `typical`: there was none.
    """


class Refusal(BaseModel):
    """
    The reason why an image was not enrolled.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    code: str
    detail: str
    hint: str


class RefusedPlace(BaseModel):
    """
    A place that looks like a date, and why no day comes of it.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    start: int
    """
    In the text as it was sent, in code points.
    """
    end: int
    calendar: str
    reason: str
    """
    A slug, such as `outside-era` or `no-such-day`.
    """
    detail: str


class Resent(BaseModel):
    """
    The number of deliveries that are tried again.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    webhook_id: str
    deliveries: int


class RetentionRun(BaseModel):
    """
    Whom retention has erased, or would erase.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    dry_run: bool
    subjects: list[Expired]


class Rights(BaseModel):
    """
    The basis on which a subject is kept, for how long, and whether it may be used.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    restricted: bool
    """
    Kept, and never matched or enrolled into.
    """
    restricted_at: AwareDatetime | None
    keep_until: AwareDatetime | None
    consent: Consent | None


class SeenSubject(BaseModel):
    """
    A subject, as a sighting names it.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    name: str


class Session(BaseModel):
    """
    A browser that is signed in.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    created_at: AwareDatetime
    last_used_at: AwareDatetime
    """
    To the minute.
    """
    ends_at: AwareDatetime
    """
    Unless it is used before.
    """
    address: str
    """
    Of the client when it signed in.
    """
    agent: str
    """
    What the browser calls itself.
    """
    current: bool
    """
    Whether it is the one that asks.
    """


class Sessions(BaseModel):
    """
    Browsers that are signed in by one key.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    sessions: list[Session]
    """
    The one that was used last first.
    """


class Setting(BaseModel):
    """
    One setting as the server has it.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    name: str
    """
    Of the environment's variable.
    """
    value: str
    """
    `(set)` where it may hold a secret.
    """
    is_default: bool
    description: str


class Share(BaseModel):
    """
    A share of faces, with its interval of confidence.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    hits: int
    trials: int
    share: float | None
    """
    null without a trial.
    """
    low: float
    high: float


class SignedReceipt(BaseModel):
    """
    A receipt of an erasure, which anybody can check who has the public key.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    receipt: dict[str, Any]
    """
    What was erased, when and how much of it, in ids and numbers. Signed is its JSON with keys in order, without spaces, in ASCII.
    """
    signature: str
    """
    Ed25519, in base64.
    """
    key: str
    """
    Id of the key that signed.
    """


class Style(BaseModel):
    """
    A stored style.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    name: str
    width: int
    """
    Pixels, as it is kept.
    """
    height: int
    bytes: int
    created_at: AwareDatetime


class Subject(BaseModel):
    """
    An identity of a collection.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    name: str
    external_id: str | None
    metadata: dict[str, Any]
    faces: int
    face_id: int | None = None
    """
    The face that stands for it: the chosen one, or its best.
    """
    image_kept: bool = False
    """
    Whether the picture of that face is kept.
    """
    created_at: AwareDatetime
    updated_at: AwareDatetime
    version: str
    """
    Changes with every edit; also the answer's `ETag`, for `If-Match`.
    """
    unreadable: list[str] = []
    """
    Fields that an older version stored and that cannot be given out; they stand empty here until they are written anew.
    """
    birth_date_calendar: str | None = None
    """
    The calendar of the text that this request's `birth_date` was read from, such as `japanese`; null for ISO dates and in all other answers.
    """


class SubjectName(BaseModel):
    """
    A subject as a verdict names it.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    name: str


class SubjectTest(BaseModel):
    """
    The self-test of one subject.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    subject: SubjectName
    faces: int
    """
    That were left out, one after the other.
    """
    found: int
    wrong: int
    """
    Faces that were given another subject's name.
    """
    weakest_friend: float | None
    """
    Rate of the face least like its own subject, a power of ten; null with one face.
    """
    best_stranger: float | None
    """
    Rate of the face most like another subject; null where there is none.
    """


class Suggestion(BaseModel):
    """
    Something that is probably so, and waits for somebody to say whether it is.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    """
    The same whenever the same is suggested.
    """
    kind: Literal["group-is-subject", "subjects-are-one", "face-not-subject", "group-often-seen"]
    likelihood: float
    """
    In [0, 1], sorts the list. For a group or subject that is somebody: the share of strangers of whom no subject would look so alike.
    """
    group_id: str | None
    size: int | None
    """
    Faces of the group.
    """
    subject: SeenSubject | None
    """
    Whom a group shows; one of two that are one; of a face that is not its subject's, that subject.
    """
    other: SeenSubject | None
    """
    The other of two subjects; whose a misplaced face may be.
    """
    face_id: int | None
    """
    The enrolled face that is not its subject's.
    """
    found_at: AwareDatetime


class TrackFrame(BaseModel):
    """
    The face in one frame.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    frame: int
    """
    Number in the recording, from 0 on.
    """
    seconds: float | None
    """
    Since the first frame; null for images.
    """
    box: Box
    probability: float
    quality: Quality
    weight: float
    """
    Share in the track's template; they sum to 1.
    """
    similarity: float | None
    """
    Of this frame alone, to the face that matched or nearly did, to a thousandth; null where they are not alike, and in all frames where the key may not be given as many numbers of the subject.
    """


class Undone(BaseModel):
    """
    Changes that undoing an operation has made.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    operation_id: str
    moved: int
    """
    Faces that went back; those erased since stay erased.
    """
    restored_subject_id: str | None
    """
    The subject that a merge had removed.
    """
    removed_subject_id: str | None
    """
    The subject that had been made for it, when nothing was left of it.
    """
    group_id: str | None
    """
    The group that is as it was before, of what was done to one; null when all of its faces were erased.
    """


class UnlikeFace(BaseModel):
    """
    A face that none of its subject's other faces is like.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    face_id: int
    subject: SubjectName
    fmr: float
    """
    How often two strangers are as alike, at most: a power of ten.
    """


class UnnamedFace(BaseModel):
    """
    A face that nobody has named.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: int
    """
    Of the sighting; enrolled faces have ids of their own.
    """
    source: str
    """
    Path of its picture below the imported directory.
    """


class Usage(BaseModel):
    """
    Usage of what a collection's policy bounds; null where it bounds nothing.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    subjects: int | None
    faces: int | None
    """
    Those without a name included.
    """
    bytes: int | None
    """
    Of kept pictures, as they are stored.
    """


class WeakSubject(BaseModel):
    """
    A subject with too few faces, or with none that is good enough.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    subject: SubjectName
    faces: int
    best_quality: float | None
    """
    Of its best face; null without one.
    """


class Webhook(BaseModel):
    """
    An address that is told of events.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    url: str
    kinds: list[
        Literal[
            "sighted",
            "recognized",
            "enrolled",
            "erased",
            "group-named",
            "health-changed",
        ]
    ]
    """
    Every kind where it is empty.
    """
    collection_id: str | None
    created_at: AwareDatetime
    waiting: int
    """
    Deliveries that are tried again, or for the first time.
    """
    dead: int
    """
    Deliveries that were given up.
    """
    missed: int
    """
    Times that events were gone before they could be delivered.
    """


class WebhookTest(BaseModel):
    """
    The outcome of a call.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    delivered: bool
    error: str | None


class Webhooks(BaseModel):
    """
    Every address that is told of events, the oldest first.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    items: list[Webhook]


class DateCandidate(BaseModel):
    """
    A date that the beam search ended with.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    date: str
    """
    ISO 8601.
    """
    score: float
    """
    Sum of log-probabilities over T^length_penalty.
    """
    probability: float
    supported: bool
    """
    Whether its day, month and year stand in the text.
    """


class Candidate(BaseModel):
    """
    A subject the face may be, by its most similar enrolled face.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    subject: SubjectName
    face_id: int
    similarity: float | None
    """
    To a thousandth; null where more than one pair of strangers in a hundred is as alike as the enrolled face, or where `numbers_withheld_until` tells of.
    """
    fmr: float | None
    """
    Estimated false-match rate at this similarity, to one digit; null likewise.
    """
    fmr_is_bound: bool = False
    """
    Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one.
    """


class OperationHealth(BaseModel):
    """
    The process answers.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    status: str = "ok"


class Answered(BaseModel):
    """
    The outcome of an answer to a suggestion.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    suggestion_id: str
    kind: Literal["group-is-subject", "subjects-are-one", "face-not-subject", "group-often-seen"]
    accepted: bool
    subject: Subject | None
    """
    Whose the faces are now; null if refused.
    """
    faces: int
    """
    Faces that were enrolled, or have changed their subject.
    """
    negatives: int
    """
    Faces that recognition knows from now on not to be the subject's.
    """
    operation_id: str | None
    """
    Undoes it; null when nothing had to be changed.
    """


class Caller(BaseModel):
    """
    The caller, and what they may do.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    key_id: str
    """
    `local` while keys are off.
    """
    name: str
    scopes: list[
        Literal[
            "detect",
            "verify",
            "recognize",
            "browse",
            "models",
            "jobs",
            "read",
            "embed",
            "enroll",
            "erase",
            "write",
            "audit",
            "admin",
        ]
    ]
    may: list[
        Literal[
            "detect",
            "verify",
            "recognize",
            "browse",
            "models",
            "jobs",
            "read",
            "embed",
            "enroll",
            "erase",
            "write",
            "audit",
            "admin",
        ]
        | Literal["pictures"]
    ]
    """
    Every scope that those of the key include.
    """
    collection_id: str | None
    """
    The one it is bound to; null is every one.
    """
    expires_at: AwareDatetime | None
    session: Session | None
    """
    Null for a caller who sends the key itself.
    """
    csrf_token: str | None
    """
    To be sent as X-CSRF-Token with requests by cookie that change something.
    """
    idle_seconds: float
    """
    Without a request, after which a session ends.
    """
    version: str


class ChangedGroup(BaseModel):
    """
    A group after something was done to it.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    size: int
    since: AwareDatetime
    until: AwareDatetime
    ignored: bool
    version: str
    """
    Changes when faces join or leave and with corrections; also the answer's `ETag`, for `If-Match`.
    """
    faces: list[UnnamedFace]
    """
    Up to 4 of the newest, the best first.
    """
    nearest: list[NearestSubject]
    """
    Up to 3.
    """
    operation_id: str | None
    """
    Undoes it; null where nothing had to be changed.
    """


class Collection(BaseModel):
    """
    A gallery bound to one encoder.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    name: str
    encoder: str
    keep_images: bool
    metadata: dict[str, Any]
    subjects: int
    faces: int
    created_at: AwareDatetime
    policy: Policy
    usage: Usage | None = None
    """
    What it holds of what its policy bounds. null in lists, and where that bounds nothing.
    """
    protection: int = 0
    """
    Version of the secret rotation that its templates are stored under; 0: none.
    """
    sealed: bool = False
    """
    Whether what names its subjects is stored sealed.
    """
    unreadable: list[str] = []
    """
    Fields that an older version stored and that cannot be given out; they stand empty here until they are written anew.
    """


class ComparedFace(BaseModel):
    """
    The face of an image that took part in a comparison.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    box: Box
    quality: Quality
    min_face: int
    """
    Smallest face that was looked for in its image: the shorter side of the box, in pixels.
    """
    truncated: bool
    """
    Whether faces of its image were left out, among which it was chosen.
    """


class DateAnswer(BaseModel):
    """
    The dates in a text; what is not in `dates` is about the first.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    date: str
    """
    ISO 8601.
    """
    score: float
    """
    0 where the calendar's rules alone have read the date.
    """
    probability: float
    """
    1 where the calendar's rules alone have read the date.
    """
    calendar: Literal["gregorian", "japanese", "roc", "buddhist", "islamic-umalqura", "persian"]
    """
    By which the date is written.
    """
    ambiguous: bool
    """
    Whether another day can be meant: digits have several readings, several days stand in the text, or a place that looks like a date could not be read.
    """
    other_readings: list[str]
    """
    The days its digits could mean, ISO 8601.
    """
    dates: list[PlacedDate]
    """
    All of the text, in their order in it.
    """
    refused: list[RefusedPlace]
    """
    What looks like a date and gives no day.
    """
    locale: str | None
    """
    The one it was read in.
    """
    text: str
    """
    Normalised.
    """
    candidates: list[DateCandidate]
    """
    Best score first.
    """
    attention: Attention
    """
    Empty where the calendar's rules alone have read the date.
    """


class DetectedFace(BaseModel):
    """
    One face of an image.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    box: Box
    probability: float
    """
    The detector's, in [0, 1].
    """
    landmarks: list[Landmark]
    """
    Left eye, right eye, nose, mouth left, mouth right, as seen; pixels.
    """
    pose: Pose
    quality: Quality


class Detection(BaseModel):
    """
    Every face of an image, largest first.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    width: int
    """
    Of the upright image, in pixels.
    """
    height: int
    rotation: int
    """
    Clockwise degrees it was turned by to find the faces.
    """
    min_face: int
    """
    Smallest face looked for: the shorter side of its box, in pixels.
    """
    truncated: bool
    """
    Whether faces were left out: there were more than `max_faces`, or the detector could not look at every place.
    """
    detector: str
    faces: list[DetectedFace]


class EmbeddedFace(BaseModel):
    """
    A face with its embedding.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    box: Box
    probability: float
    """
    The detector's, in [0, 1].
    """
    landmarks: list[Landmark]
    """
    Left eye, right eye, nose, mouth left, mouth right, as seen; pixels.
    """
    pose: Pose
    quality: Quality
    embedding: list[float]
    """
    L2-normalised.
    """


class Embeddings(BaseModel):
    """
    Every face of an image with its embedding, largest first.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    width: int
    """
    Of the upright image, in pixels.
    """
    height: int
    rotation: int
    """
    Clockwise degrees it was turned by to find the faces.
    """
    min_face: int
    """
    Smallest face looked for: the shorter side of its box, in pixels.
    """
    truncated: bool
    """
    Whether faces were left out: there were more than `max_faces`, or the detector could not look at every place.
    """
    detector: str
    encoder: str
    faces: list[EmbeddedFace]


class Face(BaseModel):
    """
    One enrolled sample of a subject. Its template is never shown.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: int
    subject_id: str
    encoder: str
    box: Box
    landmarks: list[Landmark]
    probability: float
    pose: Pose
    quality: Quality
    image_kept: bool
    created_at: AwareDatetime


class FindingsSubjectTest(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    total: int
    listed: list[SubjectTest]
    """
    The worst `limit` of them.
    """


class FindingsUnlikeFace(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    total: int
    listed: list[UnlikeFace]
    """
    The worst `limit` of them.
    """


class FindingsWeakSubject(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    total: int
    listed: list[WeakSubject]
    """
    The worst `limit` of them.
    """


class GroupSummary(BaseModel):
    """
    Faces that are taken for one person.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    size: int
    since: AwareDatetime
    until: AwareDatetime
    ignored: bool
    version: str
    """
    Changes when faces join or leave and with corrections; also the answer's `ETag`, for `If-Match`.
    """
    faces: list[UnnamedFace]
    """
    Up to 4 of the newest, the best first.
    """
    nearest: list[NearestSubject]
    """
    Up to 3.
    """


class Job(BaseModel):
    """
    A piece of work that takes longer than a request.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    kind: str
    state: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    version: int
    """
    Grows with every change.
    """
    parameters: dict[str, Any]
    progress: JobProgress
    attempts: int
    """
    How often a worker has begun.
    """
    created_at: AwareDatetime
    started_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None
    failure: JobFailure | None = None
    result: JobResult | None = None
    """
    Null until there is one.
    """


class Key(BaseModel):
    """
    An API key, without its secret.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: str
    name: str
    scopes: list[str]
    collection_id: str | None
    """
    The one it is bound to; null is every one.
    """
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    previous_until: AwareDatetime | None
    """
    Until when the secret before the last rotation is taken, too.
    """
    last_used_at: AwareDatetime | None
    """
    To the minute.
    """
    last_used_from: str | None
    """
    Address of the client.
    """
    revoked_at: AwareDatetime | None
    limits: KeyLimits
    form: str
    """
    Clients that send it: native, or those of another system.
    """


class Lookalike(BaseModel):
    """
    A face that could be another subject's.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    face_id: int
    subject: SubjectName
    other_face_id: int
    other_subject: SubjectName
    fmr: float
    """
    How often two strangers are as alike, at most: a power of ten.
    """
    nearer: bool
    """
    Whether it is more like the other subject than any other face of its own.
    """


class ModelCard(BaseModel):
    """
    A model's card and figures.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    key: str
    task: str
    default: bool
    description: str
    licence: str
    commercial_use: bool
    provenance_doubt: str = ""
    """
    Doubt whether its training data allowed what the licence allows.
    """
    ready: bool
    """
    Whether collections and requests can use it right now.
    """
    downloadable: bool = False
    """
    Whether its weights are missing here, and can be fetched by `…/pull`.
    """
    problem: ModelProblem | None = None
    """
    Why it is not ready.
    """
    limits: str
    training_data: str
    architecture: dict[str, Any]
    source: dict[str, Any]
    input: dict[str, Any]
    output: dict[str, Any] | None
    encoder: str | None = None
    """
    Whose embeddings an aggregator weighs.
    """
    curve: dict[str, Any] | None
    supported_fmr: float | None
    """
    The smallest false-match rate that the comparisons behind the curve support.
    """
    metrics: dict[str, Any]
    licence_url: str
    bytes: int | None
    """
    Of its files, here or where they are fetched from.
    """
    terms: list[ModelTerms]
    """
    Of what would be fetched; none where all is here.
    """


class Moved(BaseModel):
    """
    The subject that faces were given to.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    subject: Subject
    moved: int
    """
    Faces that changed their subject.
    """
    operation_id: str | None
    """
    Undoes it; null when all faces were the subject's already.
    """


class Named(BaseModel):
    """
    The subject that a group's faces were enrolled into.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    subject: Subject
    face_ids: list[int]
    """
    The enrolled faces.
    """
    left: int
    """
    Faces that stay without a name: by another encoder than the collection's, or poorer or more like another subject than its policy allows.
    """
    seen: int
    """
    Faces that stay sightings, now of the subject: of those that were seen the best 20 are enrolled.
    """
    operation_id: str | None
    """
    Undoes it.
    """


class NearDuplicate(BaseModel):
    """
    Two faces of a subject that are nearly the same picture, so that one adds nothing.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    face_id: int
    other_face_id: int
    subject: SubjectName


class CollectionPage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[Collection]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class FacePage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[Face]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class JobPage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[Job]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class KeyPage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[Key]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class SignedReceiptPage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[SignedReceipt]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class StylePage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[Style]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class SubjectPage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[Subject]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class SuggestionPage(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    items: list[Suggestion]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """


class RecognisedFace(BaseModel):
    """
    The verdict on one face.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    decision: Literal["known", "unknown"]
    subject: SubjectName | None
    face_id: int | None
    """
    The enrolled face that matched.
    """
    similarity: float | None
    """
    To the match, or to the best candidate when unknown, to a thousandth; null with none, or where more than one pair of strangers in a hundred is as alike as the enrolled face, or where `numbers_withheld_until` tells of.
    """
    fmr: float | None
    """
    Estimated false-match rate at this similarity, to one digit; null likewise.
    """
    fmr_is_bound: bool = False
    """
    Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one.
    """
    margin: float | None
    """
    Similarity ahead of the next subject; null unless both are given.
    """
    candidates: list[Candidate]
    box: Box
    probability: float
    quality: Quality


class Recognition(BaseModel):
    """
    Every face of an image against a collection, largest first.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    width: int
    """
    Of the upright image, in pixels.
    """
    height: int
    rotation: int
    """
    Clockwise degrees it was turned by to find the faces.
    """
    min_face: int
    """
    Smallest face looked for: the shorter side of its box, in pixels.
    """
    truncated: bool
    """
    Whether faces were left out: there were more than `max_faces`, or the detector could not look at every place.
    """
    collection: str
    encoder: str
    threshold: float
    """
    The similarity needed to be known.
    """
    threshold_fmr: float
    """
    Its false-match rate for one comparison: 1 - (1 - fpir)^(1/subjects).
    """
    subjects: int
    """
    N, the enrolled subjects searched.
    """
    faces: list[RecognisedFace]
    numbers_withheld_until: AwareDatetime | None = None
    """
    When set, the key was given as many numbers of a subject named here as it may be: those are null until then, and a threshold of the caller's own is moved to the next stricter power of ten. Decisions are made as ever.
    """
    only_matches_named: bool = False
    """
    Whether nobody but those who were found is named, and nothing is told of the unknown, because the key lacks the scope `browse`.
    """


class Representative(BaseModel):
    """
    The face that stands for a subject.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    face: Face
    chosen: bool
    """
    Whether somebody has chosen it; else it is the one of the best quality.
    """
    operation_id: str | None
    """
    Undoes the choice that was just made.
    """


class RevokedKey(BaseModel):
    """
    A revocation, or what one would do.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    key: Key
    dry_run: bool
    last_admin: bool
    """
    Whether no other key may administer the whole service.
    """


class Seen(BaseModel):
    """
    A face that was remembered, or imported without a name.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    id: int
    """
    Of the sighting; enrolled faces have ids of their own.
    """
    at: AwareDatetime
    source: str
    """
    What the caller said, or the path below the imported directory.
    """
    decision: Literal["known", "unknown"] | None
    """
    null of imported faces.
    """
    subject: SeenSubject | None
    """
    Whoever was found; of an unknown face, whoever is nearest.
    """
    similarity: float | None
    """
    To that subject, as it was told then.
    """
    fmr: float | None
    """
    The rate of that similarity, as it was told then.
    """
    fmr_is_bound: bool = False
    """
    Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one.
    """
    group_id: str | None
    quality: Quality
    has_image: bool


class SelfTest(BaseModel):
    """
    Faces left out one after the other and looked for, at the collection's rate.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    found: Share
    """
    Of faces whose subject has others: those that are given its name.
    """
    wrong: Share
    """
    Of the same: those that are given another name.
    """
    strangers_named: Share
    """
    Of faces with their whole subject left out: those that are given a name. Promised is `fpir`.
    """
    confidence: float = 0.95
    """
    Of the intervals from `low` to `high`.
    """
    weakest_friend: float | None
    best_stranger: float | None
    friends: list[int]
    """
    Faces by the power of ten of the rate of their subject's most similar other face: over 0.1, over 0.01, … and all at or below the smallest one that the curve's comparisons support.
    """
    strangers: list[int]
    """
    Faces by that of the most similar face of another subject.
    """
    subjects: FindingsSubjectTest
    """
    Those with least between weakest friend and best stranger first.
    """


class ServerSettings(BaseModel):
    """
    Every setting, to be looked at.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    settings: list[Setting]


class Sightings(BaseModel):
    """
    One page of sightings; `next_cursor` is null on the last. A page may hold fewer than `limit`,
    or none, and still have a `next_cursor`: of filters that no index finds, such as quality, it
    looks at 20,000 sightings.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    items: list[Seen]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """
    left_out: LeftOut
    looked_back_to: AwareDatetime | None = None
    """
    When the last sighting was seen that was looked at, of a page that ended before it was full; null of every other page.
    """


class Track(BaseModel):
    """
    One person from frame to frame, and the one verdict on all of them.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    decision: Literal["known", "unknown"]
    subject: SubjectName | None
    face_id: int | None
    """
    The enrolled face that matched.
    """
    similarity: float | None
    """
    To the match, or to the best candidate when unknown, to a thousandth; null with none, or where more than one pair of strangers in a hundred is as alike as the enrolled face, or where `numbers_withheld_until` tells of.
    """
    fmr: float | None
    """
    Estimated false-match rate at this similarity, to one digit; null likewise.
    """
    fmr_is_bound: bool = False
    """
    Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one.
    """
    margin: float | None
    """
    Similarity ahead of the next subject; null unless both are given.
    """
    candidates: list[Candidate]
    best_frame: int
    """
    The frame of the greatest weight.
    """
    frames: list[TrackFrame]
    """
    In order of time: the curve of similarity.
    """


class Verification(BaseModel):
    """
    The verdict of a 1:1 comparison.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    match: bool
    similarity: float | None
    """
    Cosine, in [-1, 1], to a thousandth; not a percentage. Null where more than one pair of strangers in a hundred is as alike as the enrolled face, or where `numbers_withheld_until` tells of.
    """
    threshold: float
    """
    The similarity needed.
    """
    fmr: float | None
    """
    Estimated share of pairs of strangers that score this similarity or more, to one digit; null without a similarity, or for an encoder that was never calibrated.
    """
    fmr_is_bound: bool = False
    """
    Whether `fmr` is a bound, and the rate that or less: the comparisons of strangers behind the threshold curve support no smaller one.
    """
    threshold_fmr: float | None
    """
    The false-match rate the threshold stands for; null without calibration.
    """
    encoder: str
    probe: ComparedFace
    reference: ComparedFace | None = None
    subject: SubjectName | None = None
    """
    Of a claim; null when it is denied to a key without `browse`.
    """
    face_id: int | None = None
    """
    The subject's most similar face; null likewise.
    """
    denied: bool = False
    """
    Of a claim: whether it is similar enough, and no match because it is nearer to a face that somebody said is not the subject's.
    """
    numbers_withheld_until: AwareDatetime | None = None
    """
    When set, the key was given as many numbers of a subject named here as it may be: those are null until then, and a threshold of the caller's own is moved to the next stricter power of ten. Decisions are made as ever.
    """


class EnrolledImage(BaseModel):
    """
    The outcome of one image, in the order they were sent.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    index: int
    status: Literal["enrolled", "already-enrolled", "rejected"]
    face: Face | None = None
    error: Refusal | None = None
    duplicates: list[Duplicate] | None = None
    duplicates_unnamed: int = 0
    """
    Number of those who are not named, because the key lacks `browse`.
    """
    doubt: Refusal | None = None
    """
    With `review_mode` `warn`: the face was enrolled, and resembles another subject more than its own.
    """


class Enrolment(BaseModel):
    """
    One answer per image.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    enrolled: int
    already_enrolled: int = 0
    rejected: int
    results: list[EnrolledImage]


class FindingsLookalike(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    total: int
    listed: list[Lookalike]
    """
    The worst `limit` of them.
    """


class FindingsNearDuplicate(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    total: int
    listed: list[NearDuplicate]
    """
    The worst `limit` of them.
    """


class GroupPage(BaseModel):
    """
    One page of groups; `next_cursor` is null on the last.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    items: list[GroupSummary]
    next_cursor: str | None = None
    """
    Send as `cursor` to get the next page.
    """
    waiting: int
    """
    Faces that were not compared with the others yet.
    """


class SequenceRecognition(BaseModel):
    """
    Every track of a recording against a collection, longest first.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    collection: str
    encoder: str
    aggregator: str
    """
    What weighs the frames: a model key, or `quality` for the quality score.
    """
    threshold: float
    """
    The similarity needed to be known.
    """
    threshold_fmr: float
    """
    Its false-match rate for one comparison: 1 - (1 - fpir)^(1/subjects).
    """
    subjects: int
    """
    N, the enrolled subjects searched.
    """
    width: int
    height: int
    seconds: float | None
    """
    From the first frame to the last.
    """
    total_frames: int
    analysed_frames: list[int]
    """
    Numbers of the frames looked at.
    """
    min_face: int
    """
    Smallest face looked for in every frame: the shorter side of its box, in pixels.
    """
    truncated: bool
    """
    Whether faces were left out: a frame had more than `max_faces`, or the detector could not look at every place of it.
    """
    truncated_frames: list[int]
    """
    Numbers of the frames where they were.
    """
    tracks: list[Track]
    numbers_withheld_until: AwareDatetime | None = None
    """
    When set, the key was given as many numbers of a subject named here as it may be: those are null until then, and a threshold of the caller's own is moved to the next stricter power of ten. Decisions are made as ever.
    """
    only_matches_named: bool = False
    """
    Whether nobody but those who were found is named, and nothing is told of the unknown, because the key lacks the scope `browse`.
    """


class HealthHealth(BaseModel):
    """
    Findings about a gallery. Rates are powers of ten.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    collection: str
    encoder: str
    at: AwareDatetime
    subjects: int
    faces: int
    compared: int
    """
    Faces that were compared with all others.
    """
    sampled: bool
    """
    Whether those are a sample; findings about faces are of the sample alone.
    """
    other_encoder: int
    """
    Faces of another encoder, which were not compared.
    """
    barred: int
    """
    Faces of restricted subjects and of those whose consent has ended, which were not compared.
    """
    fpir: float
    """
    The rate of a search whose caller names none.
    """
    threshold: float
    """
    The similarity that it needs in this gallery.
    """
    few_faces: FindingsWeakSubject
    """
    Subjects with fewer than 3 faces.
    """
    poor_faces: FindingsWeakSubject
    """
    Subjects without a face of quality 0.5 or more.
    """
    unlike: FindingsUnlikeFace
    could_be_another: FindingsLookalike
    near_duplicates: FindingsNearDuplicate
    self_test: SelfTest
