"""The operations that there are: what each takes, what its caller needs, and what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.api.rekognition import requests
from app.api.rekognition.call import Call
from app.api.rekognition.faces import Answer
from app.api.rekognition.operations import collections, faces, pictures, searching, users
from app.domain.scopes import Need


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation."""

    takes: type[requests.Request]
    perform: Callable[[Call, Any], Answer]
    needs: tuple[Need, ...]
    everywhere: bool = False
    """Whether a key of one collection may not."""
    images: int = 0
    """Pictures that a request holds; an operation with one waits its turn for the networks."""


OPERATIONS: Mapping[str, Operation] = {
    "CreateCollection": Operation(
        requests.CreateCollection, collections.create, ("admin",), everywhere=True
    ),
    "DescribeCollection": Operation(requests.InCollection, collections.describe, ("browse",)),
    "ListCollections": Operation(requests.ListCollections, collections.list_all, ("browse",)),
    "DeleteCollection": Operation(requests.InCollection, collections.delete, ("admin",)),
    "TagResource": Operation(requests.TagResource, collections.tag, ("admin",)),
    "UntagResource": Operation(requests.UntagResource, collections.untag, ("admin",)),
    "ListTagsForResource": Operation(requests.OfResource, collections.list_tags, ("browse",)),
    "DetectFaces": Operation(requests.DetectFaces, pictures.detect, ("detect",), images=1),
    "CompareFaces": Operation(requests.CompareFaces, pictures.compare, ("verify",), images=2),
    "IndexFaces": Operation(requests.IndexFaces, faces.index, ("enroll",), images=1),
    "ListFaces": Operation(requests.ListFaces, faces.list_all, ("browse",)),
    "DeleteFaces": Operation(requests.OfFaces, faces.delete, ("erase",)),
    "SearchFaces": Operation(requests.SearchFaces, searching.faces, ("recognize", "browse")),
    "SearchFacesByImage": Operation(
        requests.SearchFacesByImage, searching.faces_by_image, ("recognize",), images=1
    ),
    "SearchUsers": Operation(requests.SearchUsers, searching.users, ("recognize", "browse")),
    "SearchUsersByImage": Operation(
        requests.SearchUsersByImage, searching.users_by_image, ("recognize",), images=1
    ),
    "CreateUser": Operation(requests.OfUser, users.create, ("enroll",)),
    "DeleteUser": Operation(requests.OfUser, users.delete, ("enroll", "erase")),
    "ListUsers": Operation(requests.ListUsers, users.list_all, ("browse",)),
    "AssociateFaces": Operation(requests.UserFaces, users.associate, ("enroll", "browse")),
    "DisassociateFaces": Operation(requests.UserFaces, users.disassociate, ("enroll", "browse")),
}
"""By the name behind `RekognitionService.` in the header X-Amz-Target."""
