"""Collections, subjects, faces and receipts as clients see them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from app.answers.analysis import Box, Pose, Quality, rounded_landmarks
from app.domain import gallery as domain
from app.domain.deciding import bounds
from app.services.gallery.subjects import CountedSubject, version_of

Unreadable = Annotated[
    list[str],
    Field(
        description="Fields that an older version stored and that cannot be given out; they stand "
        "empty here until they are written anew."
    ),
]
Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[Item]
    next_cursor: str | None = Field(None, description="Send as `cursor` to get the next page.")


class Policy(BaseModel):
    """Bounds of what callers may ask for; null bounds nothing."""

    max_fpir: float | None = Field(None, description="The laxest rate of a search.")
    max_fmr: float | None = Field(None, description="The laxest rate of a claim.")
    own_thresholds: bool = Field(description="Whether callers may name thresholds of their own.")
    min_quality: float | None = Field(None, description="That an enrolled face needs at least.")
    review_mode: domain.ReviewMode = Field(
        "off", description="What becomes of a face that resembles another subject more."
    )
    require_consent: bool = Field(
        description="Whether nobody is enrolled without a record of consent that holds."
    )
    keep_days: float | None = Field(
        None, description="Days from its making after which a subject is erased."
    )
    max_subjects: int | None = None
    max_faces: int | None = Field(None, description="Those without a name included.")
    max_bytes: int | None = Field(None, description="Of kept pictures, as they are stored.")
    remember: domain.Remember = Field(
        description="Recognized faces that are kept as sightings: none, unknown people's, or all."
    )
    remember_days: float = Field(description="Days that sightings are kept.")
    remember_per_day: int = Field(description="Sightings of a day (UTC) at most.")
    remember_quality: float = Field(description="That a sighting needs at least.")


class Usage(BaseModel):
    """Usage of what a collection's policy bounds; null where it bounds nothing."""

    subjects: int | None
    faces: int | None = Field(description="Those without a name included.")
    bytes: int | None = Field(description="Of kept pictures, as they are stored.")


_NOTHING_NARROWED = asdict(domain.Policy())


class Collection(BaseModel):
    """A gallery bound to one encoder."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "019a0c0e11220123456789abcdef0123",
                    "name": "staff",
                    "encoder": "facenet-resnet29@1",
                    "keep_images": True,
                    "metadata": {},
                    "subjects": 4,
                    "faces": 12,
                    "created_at": "2026-01-31T12:00:00Z",
                    "policy": _NOTHING_NARROWED,
                    "usage": None,
                    "sealed": False,
                }
            ]
        }
    )

    id: str
    name: str
    encoder: str
    keep_images: bool
    metadata: dict[str, Any]
    subjects: int
    faces: int
    created_at: datetime
    policy: Policy
    usage: Usage | None = Field(
        None,
        description="What it holds of what its policy bounds. null in lists, and where that bounds "
        "nothing.",
    )
    protection: int = Field(
        0,
        description="Version of the secret rotation that its templates are stored under; 0: none.",
    )
    sealed: bool = Field(False, description="Whether what names its subjects is stored sealed.")
    unreadable: Unreadable = []

    @classmethod
    def of(
        cls,
        collection: domain.Collection,
        sizes: Mapping[str, tuple[int, int]],
        usage: bounds.Usage | None = None,
    ) -> Self:
        subjects, faces = sizes.get(collection.id, (0, 0))
        return cls(
            id=collection.id,
            name=collection.name,
            encoder=collection.encoder,
            keep_images=collection.keep_images,
            metadata=dict(collection.metadata),
            subjects=subjects,
            faces=faces,
            created_at=collection.created_at,
            policy=Policy(**asdict(collection.policy)),
            usage=None if usage is None else Usage(**asdict(usage)),
            protection=collection.rotation.version if collection.rotation else 0,
            sealed=collection.sealed,
            unreadable=list(collection.unreadable),
        )


class Subject(BaseModel):
    """An identity of a collection."""

    id: str
    name: str
    external_id: str | None
    metadata: dict[str, Any]
    faces: int
    face_id: int | None = Field(
        None, description="The face that stands for it: the chosen one, or its best."
    )
    image_kept: bool = Field(False, description="Whether the picture of that face is kept.")
    created_at: datetime
    updated_at: datetime
    version: str = Field(
        description="Changes with every edit; also the answer's `ETag`, for `If-Match`."
    )
    unreadable: Unreadable = []
    birth_date_calendar: str | None = Field(
        None,
        description="The calendar of the text that this request's `birth_date` was read from, "
        "such as `japanese`; null for ISO dates and in all other answers.",
    )

    @classmethod
    def of(cls, counted: CountedSubject) -> Self:
        subject = counted.subject
        return cls(
            id=subject.id,
            name=subject.name,
            external_id=subject.external_id,
            metadata=dict(subject.metadata),
            faces=counted.faces,
            face_id=None if counted.standing is None else counted.standing.id,
            image_kept=counted.standing is not None and counted.standing.image_kept,
            created_at=subject.created_at,
            updated_at=subject.updated_at,
            version=version_of(subject),
            unreadable=list(subject.unreadable),
            birth_date_calendar=counted.birth_date_calendar,
        )


class Face(BaseModel):
    """One enrolled sample of a subject. Its template is never shown."""

    id: int
    subject_id: str
    encoder: str
    box: Box
    landmarks: list[tuple[float, float]]
    probability: float
    pose: Pose
    quality: Quality
    image_kept: bool
    created_at: datetime

    @classmethod
    def of(cls, face: domain.EnrolledFace) -> Self:
        return cls(
            id=face.id,
            subject_id=face.subject_id,
            encoder=face.encoder,
            box=Box.of(face.box),
            landmarks=rounded_landmarks(face.landmarks),
            probability=face.probability,
            pose=Pose.of(face.pose),
            quality=Quality.of(face.quality),
            image_kept=face.image_digest is not None,
            created_at=face.created_at,
        )


class Receipt(BaseModel):
    """Counts of what an erasure removed (or, in a dry run, would remove)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "erased": "subject",
                    "id": "019a0c0f5b7c0123456789abcdef0123",
                    "receipt_id": "019a0c105b7c0123456789abcdef0123",
                    "dry_run": False,
                    "at": "2026-01-31T12:00:00Z",
                    "subjects": 1,
                    "faces": 3,
                    "templates": 3,
                    "images": 3,
                    "index_entries": 3,
                    "idempotency_records": 0,
                    "operations": 0,
                    "sightings": 0,
                    "index": "done",
                    "log_emptied": True,
                    "files": "done",
                }
            ]
        }
    )

    erased: domain.Erased
    id: str
    receipt_id: str | None = Field(
        description="Of the signed receipt, see `/v1/receipts`; null in a dry run, and where it "
        "could not be kept."
    )
    dry_run: bool
    at: datetime
    subjects: int
    faces: int
    templates: int = Field(
        description="Of the faces, and those that waited for a change of encoder."
    )
    images: int = Field(description="Files that no other face needs.")
    index_entries: int | None = Field(
        description="Entries that left the index; null where it could not be asked."
    )
    idempotency_records: int = Field(description="Stored answers to enrolments.")
    operations: int = Field(description="Records of moved faces and merges about the subject.")
    sightings: int = Field(
        description="Faces that were remembered, of an erased subject; of an erased collection "
        "those that were imported without names, too."
    )
    index: Literal["done", "pending"] | None = Field(
        description="`pending`: the index is away. What was erased leaves it before it is searched "
        "again, and answers never name it. null in a dry run."
    )
    log_emptied: bool | None = Field(
        description="Whether SQLite's write-ahead log holds nothing of it either. false: somebody "
        "who reads keeps the log in use; the server tries again every few seconds until it is "
        "done. null: there is no such log within reach (PostgreSQL), or it is a dry run."
    )

    files: Literal["done", "pending"] | None = Field(
        None,
        description="`pending`: object storage is away; files of pictures are deleted as soon as "
        "it is back. null in a dry run.",
    )

    @classmethod
    def of(cls, receipt: domain.Receipt, *, dry_run: bool) -> Self:
        return cls(
            erased=receipt.erased,
            id=receipt.id,
            receipt_id=receipt.receipt_id,
            dry_run=dry_run,
            at=receipt.at,
            subjects=receipt.removed.subjects,
            faces=receipt.removed.faces,
            templates=receipt.removed.templates,
            images=receipt.removed.images,
            index_entries=receipt.removed.index_entries,
            idempotency_records=receipt.removed.idempotency_records,
            operations=receipt.removed.operations,
            sightings=receipt.removed.sightings,
            index=receipt.index,
            log_emptied=receipt.log_emptied,
            files=receipt.files,
        )
