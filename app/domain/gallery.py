"""The gallery: collections of subjects with enrolled faces, and the log of their changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from app.domain.access.limits import NO_LIMITS, KeyLimits
from app.domain.curves.calibration import Calibration
from app.domain.faces import Box, Embedding, Landmarks, Pose, Quality
from app.domain.protection import Rotation, stored_encoder
from app.domain.scopes import Scope

Remember = Literal["nothing", "unknown", "all"]
Scalar = str | int | float | bool | None
"""What metadata can be asked for."""
ReviewMode = Literal["off", "warn", "strict"]
"""`warn` says so and enrolls it, `strict` refuses it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Bounds of what callers may ask of a collection; administrators narrow them."""

    max_fpir: float | None = None
    """The laxest rate of a search, in (0, 1); it also operates at no laxer one."""
    max_fmr: float | None = None
    """The laxest rate of a claim, likewise."""
    own_thresholds: bool = True
    """Whether callers may name rates and similarities of their own."""
    min_quality: float | None = None
    """The quality that an enrolled face needs at least, in [0, 1]."""
    review_mode: ReviewMode = "off"
    """What becomes of an enrolled face that resembles another subject more than its own."""
    require_consent: bool = False
    """Whether nobody is enrolled without a record of consent that holds."""
    keep_days: float | None = None
    """Days after which a subject is erased, counted from its making."""
    max_subjects: int | None = None
    max_faces: int | None = None
    """Faces at most, those without a name included."""
    max_bytes: int | None = None
    """Bytes of kept pictures at most, as they are stored."""
    remember: Remember = "nothing"
    """Which faces that are recognized, or not, are kept as sightings."""
    remember_days: float = 30.0
    """How long, above 0."""
    remember_per_day: int = 10_000
    """How many of a day (UTC) at most."""
    remember_quality: float = 0.2
    """The quality that such a face needs at least, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A gallery: subjects searched together, by templates of one encoder at a time."""

    id: str
    name: str
    encoder: str
    keep_images: bool
    metadata: Mapping[str, Any]
    created_at: datetime
    unreadable: tuple[str, ...] = ()
    """Fields that an older version stored and nobody can be given; they stand empty here."""
    policy: Policy = Policy()
    calibration: Calibration | None = None
    """Its own threshold curve, where one is in force; it is of the encoder that it names."""
    rotation: Rotation | None = None
    """Rotation that its templates are stored under; None of one that is not protected."""
    has_negatives: bool = False  # whether somebody was said not to be one of its subjects
    sealed: bool = False
    """Whether what names its subjects is stored sealed, and looked up by exact values alone."""

    @property
    def partition(self) -> "Partition":
        """The part of an index that its searches are made in."""
        return Partition(self.id, stored_encoder(self.encoder, self.rotation))


@dataclass(frozen=True, slots=True)
class Subject:
    """An identity somebody claims or looks for."""

    id: str
    collection_id: str
    name: str
    external_id: str | None
    metadata: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    unreadable: tuple[str, ...] = ()
    """Fields that an older version stored and nobody can be given; they stand empty here."""


@dataclass(frozen=True, slots=True, eq=False)
class NewFace:
    """A face about to be stored; storage gives it its id."""

    collection_id: str
    subject_id: str
    encoder: str
    template: Embedding
    box: Box
    landmarks: Landmarks
    probability: float
    pose: Pose
    quality: Quality
    image_digest: str | None
    created_at: datetime
    source_digest: str | None = None
    """SHA-256 of the picture that was sent, in hex; of the kept one it is `image_digest`."""


@dataclass(frozen=True, slots=True, eq=False)
class EnrolledFace:
    """One stored sample of a subject, without its template."""

    id: int
    collection_id: str
    subject_id: str
    encoder: str
    box: Box
    landmarks: Landmarks
    probability: float
    pose: Pose
    quality: Quality
    image_digest: str | None
    created_at: datetime
    source_digest: str | None = None
    rotation: Rotation | None = None

    @property
    def partition(self) -> "Partition":
        """The part of an index that its template is in."""
        return Partition(self.collection_id, stored_encoder(self.encoder, self.rotation))


@dataclass(frozen=True, slots=True)
class StandingFace:
    """The face that stands for a subject, as lists of subjects need it."""

    id: int
    image_kept: bool


@dataclass(frozen=True, slots=True)
class Partition:
    """A part of an index: templates of two collections, encoders or rotations never meet."""

    collection_id: str
    encoder: str
    """As `stored_encoder` writes it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change log. It names faces and never holds a template."""

    seq: int
    partition: Partition
    kind: Literal["add", "remove", "drop"]
    """`drop` removes the whole partition and names no face."""
    face_id: int | None


@dataclass(frozen=True, slots=True)
class LogFloor:
    """The position that the change log was compacted to, and the one it is compacted to next."""

    seq: int
    """All lines up to it are gone."""
    mark_seq: int
    """The head of the log at `mark_at`, up to which it is compacted next."""
    mark_at: datetime


Erased = Literal["face", "subject", "collection", "faces", "contents", "sightings"]
"""`faces` are several at once, `contents` all of a collection that stays; `sightings` were seen, or
imported without names."""


Reason = Literal["request", "retention", "keep-until", "consent-ended"]
"""Why something was erased: somebody asked, or its time was over."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of what an erasure removed, in each place where it was removed."""

    subjects: int = 0
    faces: int = 0
    templates: int = 0
    """Of the faces, and those of another encoder that waited for a change to it."""
    images: int = 0
    """Files; in a dry run those that no other face needs."""
    index_entries: int | None = None
    """Of the index of the process that erased; None where it could not be asked."""
    idempotency_records: int = 0
    operations: int = 0
    """Records of corrections about the subject, which held names."""
    sightings: int = 0
    """Faces that were remembered: of an erased subject, or of an erased collection with those that
    were imported without names."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of an erasure: what was removed, how much of it, and when."""

    erased: Erased
    id: str
    at: datetime
    removed: Tally
    index: Literal["done", "pending"] | None = None
    """`pending`: the index is away, and will be brought up to date before it is searched again.
    None in a dry run."""
    collection_id: str | None = None
    reason: Reason = "request"
    receipt_id: str | None = None
    """Of the signed receipt; None in a dry run, and where it could not be kept."""
    log_emptied: bool | None = None
    """Whether the log beside the database has been emptied of it as well. False: a reader keeps
    it in use, and servers try again every few seconds. None: there is no such log (PostgreSQL,
    dry runs)."""
    files: Literal["done", "pending"] | None = None
    """`pending`: object storage is away, and servers delete the files as soon as it is back.
    None in a dry run."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key: who may do what. The secret itself is never stored, only its SHA-256."""

    id: str
    name: str
    digest: str = field(repr=False)
    scopes: tuple[Scope, ...]
    collection_id: str | None
    """None: every collection."""
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    previous_digest: str | None = field(default=None, repr=False)
    """Of the secret before the last rotation."""
    previous_until: datetime | None = None
    """Until when that one is taken, too."""
    last_used_from: str | None = None
    """Address of the client that used it last."""
    form: str = "native"
    """Name of its form, see `app.domain.access.key_forms`."""
    limits: KeyLimits = NO_LIMITS

    def is_good(self, at: datetime) -> bool:
        """Whether it has neither ended nor been revoked at that moment."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)

    def digests(self, at: datetime) -> tuple[str, ...]:
        """Digests of the secrets that are taken at that moment, always two."""
        overlaps = self.previous_until is not None and self.previous_until > at
        return self.digest, (self.previous_digest or self.digest) if overlaps else self.digest


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    """The stored answer of an enrolment, so that a repeated request changes nothing."""

    key_id: str
    idempotency_key: str
    fingerprint: str
    """SHA-256 of the request."""
    subject_id: str
    response: Mapping[str, Any]
    created_at: datetime
