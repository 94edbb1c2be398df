"""Addresses as clients of CompreFace write them, and ids of images for those of faces."""

import re

from starlette.types import Scope

from app.api.kit.addresses import path_within, tidy, tidy_path
from app.domain.access.key_forms import is_uuid
from app.domain.errors.gallery import UnknownFaceError
from app.domain.errors.requests import InvalidRequestError
from app.domain.foreign.identifiers import face_of_uuid, face_uuid

PREFIX = "/api/v1"
_PARAMETERS = (
    *("det_prob_threshold", "face_plugins", "limit", "prediction_count", "status"),
    *("detect_faces", "subject", "page", "size", "unknown"),
)
_SECOND_MARK = re.compile(rb"\?+(?=&|$|(?:%s)=)" % "|".join(_PARAMETERS).encode())
"""Question marks that some clients write between two parameters."""


def takes(scope: Scope) -> bool:
    """Whether the request is for this format."""
    path = tidy(path_within(scope))
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def normalize(scope: Scope) -> None:
    """Drop double slashes, one at the end, and second question marks.

    A question mark within a value stays, unless a parameter's name and an equals sign follow it.
    """
    scope["path"] = tidy_path(scope)
    scope["query_string"] = _SECOND_MARK.sub(b"&", scope["query_string"])


def image_id(face_id: int) -> str:
    """The id of a face's image, which is the face's own."""
    return face_uuid(face_id)


def face_id(image: str) -> int:
    """The face that an id of an image stands for, whether or not there is one.

    Raises InvalidRequestError for what is no UUID, UnknownFaceError for one of something else.
    """
    if not is_uuid(image):
        raise InvalidRequestError.of_field(
            "image_id", "is not a UUID", "Send one that an answer of this service gave."
        )
    face = face_of_uuid(image)
    if face is None:
        raise UnknownFaceError(f"There is no image {image}.")
    return face
