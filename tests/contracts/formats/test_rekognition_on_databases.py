"""What Rekognition's format keeps beside faces, on every database."""

from typing import Any

import pytest

from tests.api.conftest import Client
from tests.contracts.formats.conftest import COLLECTION, Rekognition
from tests.portraits import eileen, encoded, grace


@pytest.fixture
def faces(rekognition: Rekognition) -> dict[str, str]:
    """Ids of faces by their external ids; the collection is new."""
    rekognition.ask("DeleteCollection")
    rekognition.ask("CreateCollection", Tags={"team": "a"})
    for name, picture in (("grace.1", grace()), ("grace.2", grace().rotate(5)), ("e:1", eileen())):
        rekognition.enroll(name, encoded(picture))
    return {one["ExternalImageId"]: one["FaceId"] for one in rekognition.ask("ListFaces")["Faces"]}


def pages(rekognition: Rekognition, operation: str, member: str) -> list[Any]:
    found: list[Any] = []
    token: dict[str, Any] = {}
    while True:
        page = rekognition.ask(operation, MaxResults=1, **token)
        assert len(page[member]) == 1
        found += page[member]
        if "NextToken" not in page:
            return found
        token = {"NextToken": page["NextToken"]}


def test_users_and_their_faces(rekognition: Rekognition, faces: dict[str, str]) -> None:
    for user in ("hopper", "collins"):
        rekognition.ask("CreateUser", UserId=user, ClientRequestToken=user)
        rekognition.ask("CreateUser", UserId=user, ClientRequestToken=user)
    again = rekognition.ask("CreateUser", 400, UserId="hopper")
    assert again["__type"] == "ConflictException"
    for face in ("grace.1", "grace.2"):
        done = rekognition.ask("AssociateFaces", UserId="hopper", FaceIds=[faces[face]])
        assert done["AssociatedFaces"] == [{"FaceId": faces[face]}]
    strange = rekognition.ask("AssociateFaces", UserId="hopper", FaceIds=[faces["e:1"]])
    (refused,) = strange["UnsuccessfulFaceAssociations"]
    assert refused["Reasons"] == ["LOW_MATCH_CONFIDENCE"]
    rekognition.ask("AssociateFaces", UserId="collins", FaceIds=[faces["e:1"]])
    users = pages(rekognition, "ListUsers", "Users")
    assert [one["UserId"] for one in users] == ["hopper", "collins"]
    found = rekognition.ask("SearchUsers", FaceId=faces["grace.2"])["UserMatches"]
    assert [one["User"]["UserId"] for one in found] == ["hopper"]
    taken = rekognition.ask("DisassociateFaces", UserId="hopper", FaceIds=[faces["grace.2"]])
    assert taken["DisassociatedFaces"] == [{"FaceId": faces["grace.2"]}]
    assert rekognition.ask("DescribeCollection")["UserCount"] == 2
    rekognition.ask("DeleteUser", UserId="hopper")
    listed = pages(rekognition, "ListFaces", "Faces")
    assert {one["FaceId"]: one.get("UserId") for one in listed} == {
        faces["grace.1"]: None,
        faces["grace.2"]: None,
        faces["e:1"]: "collins",
    }


def test_tags_and_collections(rekognition: Rekognition, faces: dict[str, str]) -> None:
    arn = rekognition.ask("DescribeCollection")["CollectionARN"]
    rekognition.send("TagResource", {"ResourceArn": arn, "Tags": {"floor": "2"}})
    rekognition.send("UntagResource", {"ResourceArn": arn, "TagKeys": ["team"]})
    tags = rekognition.send("ListTagsForResource", {"ResourceArn": arn}).json()["Tags"]
    assert tags == {"floor": "2"}
    twice = rekognition.ask("CreateCollection", 400)
    assert twice["__type"] == "ResourceAlreadyExistsException"
    assert rekognition.ask("DescribeCollection")["FaceCount"] == 3
    assert rekognition.send("ListCollections", {}).json()["CollectionIds"] == [COLLECTION]


def test_a_signature_passes_once(
    client: Client, rekognition: Rekognition, faces: dict[str, str]
) -> None:
    signed = rekognition.signed("DescribeCollection", {"CollectionId": COLLECTION})
    answers = [
        client.post("/", content=signed.body, headers=dict(signed.headers.items()))
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json()["__type"] == "InvalidSignatureException"
