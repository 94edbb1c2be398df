"""Collections and subjects as clients send them."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.deciding.bounds import MOST_HELD
from app.domain.gallery import Remember, ReviewMode
from app.domain.metadata import MAX_BYTES, MAX_DEPTH
from app.domain.people.corrections import MOST_FACES
from app.domain.people.sightings import MOST_DAYS, MOST_PER_DAY
from app.domain.texts import MAX_TEXT, URL_NAME

# The rules are the services', for every way in; here are shapes, and what the rules look like.
CollectionName = Annotated[str, Field(json_schema_extra={"pattern": URL_NAME})]
SubjectText = Annotated[
    str,
    Field(
        description=f"1 to {MAX_TEXT} characters, kept in NFC and without spaces at the ends; no "
        "control or invisible ones.",
        json_schema_extra={
            "minLength": 1,
            "maxLength": MAX_TEXT,
            "pattern": r"^[^\x00-\x1f\x7f]+$",
        },
    ),
]
_LIMITS = (
    f"up to {MAX_BYTES} bytes and {MAX_DEPTH} levels, whole numbers within ±2^53; texts are kept "
    "in NFC"
)
Metadata = Annotated[dict[str, Any], Field(description=f"Free JSON object, {_LIMITS}.")]
SubjectMetadata = Annotated[
    dict[str, Any],
    Field(
        description=f"Free JSON object, {_LIMITS}. `birth_date` may be a "
        "text in any of many languages, or an object of `text` and `locale`; it is stored as an "
        "ISO 8601 date."
    ),
]


class PolicyChanges(BaseModel):
    """Bounds of what callers may ask for; whatever is left out stays, null takes one away."""

    model_config = ConfigDict(extra="forbid", strict=True)

    max_fpir: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="The laxest rate of a search, also where none is named.",
    )
    max_fmr: float | None = Field(
        None, gt=0, lt=1, description="The laxest rate of a claim, likewise."
    )
    own_thresholds: bool = Field(
        True, description="Whether callers may name rates and similarities of their own."
    )
    min_quality: float | None = Field(
        None, ge=0, le=1, description="The quality that an enrolled face needs at least."
    )
    review_mode: ReviewMode = Field(
        "off",
        description="What becomes of a face that resembles another subject more than the one it is "
        "enrolled for: `warn` says so, `strict` refuses it.",
    )
    require_consent: bool = Field(
        False, description="Whether nobody is enrolled without a record of consent that holds."
    )
    keep_days: float | None = Field(
        None, gt=0, le=36_500, description="Days from its making after which a subject is erased."
    )
    max_subjects: int | None = Field(None, ge=0, le=MOST_HELD, description="Subjects at most.")
    max_faces: int | None = Field(
        None, ge=0, le=MOST_HELD, description="Faces at most, those without a name included."
    )
    max_bytes: int | None = Field(
        None, ge=0, le=MOST_HELD, description="Bytes of kept pictures at most, as they are stored."
    )
    remember: Remember = Field(
        "nothing",
        description="Faces sent to be recognized that are kept as sightings: none, those of "
        "unknown people, or all.",
    )
    remember_days: float = Field(
        30, gt=0, le=MOST_DAYS, description="Days that sightings are kept."
    )
    remember_per_day: int = Field(
        10_000, ge=1, le=MOST_PER_DAY, description="Sightings of a day (UTC) at most."
    )
    remember_quality: float = Field(
        0.2, ge=0, le=1, description="The quality that a sighting needs at least."
    )


class NewCollection(BaseModel):
    """A collection to make."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"name": "staff", "keep_images": True}]},
    )

    name: CollectionName
    encoder: str | None = Field(None, description="Model key; the default encoder when left out.")
    keep_images: bool = Field(True, description="Keep a picture of every enrolled face.")
    metadata: Metadata = Field(default_factory=dict)
    policy: PolicyChanges = Field(default_factory=PolicyChanges)
    sealed: bool = Field(
        False,
        description="Whether names, external ids, metadata and whatever else names its subjects is "
        "stored sealed, and found by exact values alone. It is settled for good.",
    )


class CollectionChanges(BaseModel):
    """Changes; whatever is left out stays."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"metadata": {"floor": "3"}}]}
    )

    name: CollectionName = ""
    keep_images: bool = True
    metadata: Metadata = Field(default_factory=dict)
    policy: PolicyChanges = Field(default_factory=PolicyChanges)
    sealed: bool = Field(False, description="As it is: it cannot be changed.")


class NewSubject(BaseModel):
    """A subject to make."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"name": "Grace Hopper", "metadata": {"rank": "RDML"}}]},
    )

    name: SubjectText
    external_id: SubjectText | None = Field(None, description="Your own id, unique if given.")
    metadata: SubjectMetadata = Field(default_factory=dict)


class SubjectChanges(BaseModel):
    """Changes; whatever is left out stays."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"name": "Grace B. Hopper"}]}
    )

    name: SubjectText = ""
    external_id: SubjectText | None = None
    metadata: SubjectMetadata = Field(default_factory=dict)


class Merge(BaseModel):
    """The subject to absorb."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"subject_id": "019a0c0f5b7c0123456789abcdef0123"}]},
    )

    subject_id: str = Field(description="Its faces move here, and it is removed.", max_length=64)


FaceId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class MovedFaces(BaseModel):
    """Faces, and the subject to give them to: one that there is, or a new one."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"face_ids": [42, 43], "subject_id": "019a0c0f5b7c0123456789abcdef0123"},
                {"face_ids": [42], "new_subject": "Grace Hopper"},
            ]
        },
    )

    face_ids: list[FaceId] = Field(
        description="Of any subjects of the collection.", min_length=1, max_length=MOST_FACES
    )
    subject_id: str | None = Field(None, max_length=64, description="Who is given the faces.")
    new_subject: SubjectText | None = Field(
        None, description="The name of a subject to make for them, instead of `subject_id`."
    )

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.subject_id is None) == (self.new_subject is None):
            raise ValueError("say either subject_id or new_subject")
        return self


class GroupSplit(BaseModel):
    """Faces of a group that get one of their own."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"sighting_ids": [7, 8]}]}
    )

    sighting_ids: list[FaceId] = Field(
        description="Some of the group's, not all.", min_length=1, max_length=MOST_FACES
    )


class GroupMerge(BaseModel):
    """The group to absorb."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"group_id": "019a0c0f5b7c0123456789abcdef0123"}]},
    )

    group_id: str = Field(description="Its faces join this one, and it ends.", max_length=64)


class NewRegrouping(BaseModel):
    """Nothing has to be said."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{}]})


class GroupIgnored(BaseModel):
    """A wish to leave a group out of the list, or not to."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"ignored": True}]}
    )

    ignored: bool = True


class GroupName(BaseModel):
    """The subject that a group's faces are: one that there is, or a new one."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"new_subject": "Grace Hopper"}]},
    )

    subject_id: str | None = Field(None, max_length=64, description="Who is on the pictures.")
    new_subject: SubjectText | None = Field(
        None, description="The name of a subject to make, instead of `subject_id`."
    )
