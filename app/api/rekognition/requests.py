"""Requests of operations, as clients send them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_pascal

from app.api.rekognition.names import COLLECTION_ID, collection_name
from app.domain.base64_text import decode_base64
from app.domain.foreign.identifiers import face_of_uuid

MAX_IMAGE_BYTES = 5 * 2**20
_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_NAME = r"^[a-zA-Z0-9_.\-:]+$"

CollectionId = Annotated[str, Field(pattern=COLLECTION_ID)]
ExternalImageId = Annotated[str, Field(pattern=_NAME, max_length=255)]
UserId = Annotated[str, Field(pattern=_NAME, max_length=128)]
FaceId = Annotated[str, Field(pattern=_UUID)]
ClientToken = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$", max_length=64)]
Percent = Annotated[float, Field(ge=0, le=100)]
Quality = Literal["NONE", "AUTO", "LOW", "MEDIUM", "HIGH"]
Attribute = Literal[
    "DEFAULT",
    "ALL",
    "AGE_RANGE",
    "BEARD",
    "EMOTIONS",
    "EYE_DIRECTION",
    "EYEGLASSES",
    "EYES_OPEN",
    "FACE_OCCLUDED",
    "GENDER",
    "MOUTH_OPEN",
    "MUSTACHE",
    "SMILE",
    "SUNGLASSES",
]
"""Only those of DEFAULT are measured here; the others are left out of answers."""
NextToken = Annotated[str | None, Field(max_length=2048)]
Faces = Annotated[list[FaceId], Field(min_length=1, max_length=4096)]
Tags = Annotated[
    dict[
        Annotated[str, Field(pattern=r"^[\w\s.:/=+\-@]*$", min_length=1, max_length=128)],
        Annotated[str, Field(pattern=r"^[\w\s.:/=+\-@]*$", max_length=256)],
    ],
    Field(max_length=200),
]


def numbers_of(face_ids: list[str]) -> dict[str, int | None]:
    """The faces' numbers by their ids; None for what is no face's."""
    return {face_id: face_of_uuid(face_id) for face_id in face_ids}


def _blob(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError("a picture is base64 text")
    return decode_base64(value)


class Request(BaseModel):
    """A request. Fields that it does not have are passed over, as newer clients need."""

    model_config = ConfigDict(alias_generator=to_pascal, strict=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, values: Any) -> Any:
        """A member that is null is one that is not there, as some clients send them."""
        if not isinstance(values, Mapping):
            return values
        return {name: value for name, value in values.items() if value is not None}


class StoredObject(Request):
    """An object of a bucket."""

    bucket: Annotated[str, Field(pattern=r"^[0-9A-Za-z.\-_]+$", min_length=3, max_length=255)]
    name: Annotated[str, Field(min_length=1, max_length=1024)]
    version: Annotated[str | None, Field(max_length=1024)] = None


class Image(Request):
    """A picture: its bytes, or the object that holds them."""

    content: Annotated[bytes | None, BeforeValidator(_blob)] = Field(None, alias="Bytes")
    stored: StoredObject | None = Field(None, alias="S3Object")

    @model_validator(mode="after")
    def _is_one_of_both(self) -> "Image":
        if (self.content is None) == (self.stored is None):
            raise ValueError("a picture is either Bytes or S3Object")
        return self


class InCollection(Request):
    """A request about a collection."""

    collection_id: CollectionId

    @property
    def collection(self) -> str:
        """The collection's name here."""
        return collection_name(self.collection_id)


class CreateCollection(InCollection):
    tags: Tags = Field(default_factory=dict)


class ListCollections(Request):
    next_token: NextToken = None
    max_results: Annotated[int, Field(ge=0, le=4096)] = 1000


class OfFace(InCollection):
    """A request about one face of a collection."""

    face_id: FaceId


class FaceSearch(Request):
    """The number of faces that a search gives, and how alike they have to be."""

    max_faces: Annotated[int, Field(ge=1, le=4096)] = 80
    face_match_threshold: Percent = 80


class SearchFaces(OfFace, FaceSearch):
    """A search by an enrolled face."""


class SearchFacesByImage(InCollection, FaceSearch):
    image: Image
    quality_filter: Quality = "NONE"


class IndexFaces(InCollection):
    image: Image
    external_image_id: ExternalImageId | None = None
    detection_attributes: list[Attribute] = Field(default_factory=list)
    max_faces: Annotated[int | None, Field(ge=1)] = None
    quality_filter: Quality = "AUTO"


class DetectFaces(Request):
    image: Image
    attributes: list[Attribute] = Field(default_factory=list)


class CompareFaces(Request):
    source_image: Image
    target_image: Image
    similarity_threshold: Percent = 80
    quality_filter: Quality = "NONE"


class ListFaces(InCollection):
    next_token: NextToken = None
    max_results: Annotated[int, Field(ge=0, le=4096)] = 1000
    user_id: UserId | None = None
    face_ids: Faces | None = None


class OfFaces(InCollection):
    """A request about some faces of a collection."""

    face_ids: Faces

    def numbers(self) -> dict[str, int | None]:
        """The faces' numbers by the ids that were sent; None for what is no face's."""
        return numbers_of(self.face_ids)


class OfUser(InCollection):
    """A request about one user of a collection."""

    user_id: UserId
    client_request_token: ClientToken | None = None


class UserFaces(OfUser):
    """A request about faces and a user."""

    face_ids: Annotated[list[FaceId], Field(min_length=1, max_length=100)]
    user_match_threshold: Percent = 75


class ListUsers(InCollection):
    next_token: NextToken = None
    max_results: Annotated[int, Field(ge=1, le=500)] = 500


class UserSearch(Request):
    """The number of users that a search gives, and how alike they have to be."""

    max_users: Annotated[int, Field(ge=1, le=500)] = 50
    user_match_threshold: Percent = 80


class SearchUsers(InCollection, UserSearch):
    user_id: UserId | None = None
    face_id: FaceId | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> "SearchUsers":
        if (self.user_id is None) == (self.face_id is None):
            raise ValueError("either UserId or FaceId is searched by")
        return self


class SearchUsersByImage(InCollection, UserSearch):
    image: Image
    quality_filter: Quality = "NONE"


class OfResource(Request):
    resource_arn: Annotated[str, Field(min_length=20, max_length=2048)]


class TagResource(OfResource):
    tags: Tags


class UntagResource(OfResource):
    tag_keys: Annotated[list[Annotated[str, Field(max_length=128)]], Field(max_length=200)]
