"""Every operation by boto3, unchanged, on real pictures."""

from typing import Any

from tests.integration.rekognition.conftest import (
    BOTH,
    EILEEN,
    GRACE,
    GRACE_AGAIN,
    NOBODY,
    REGION,
    RekognitionServer,
    error,
)

NO_FACES = "There are no faces in the image. Should be at least 1."


def indexed(client: Any, picture: bytes, external_id: str | None = None) -> str:
    named = {} if external_id is None else {"ExternalImageId": external_id}
    found = client.index_faces(CollectionId="staff", Image={"Bytes": picture}, **named)
    return str(found["FaceRecords"][0]["Face"]["FaceId"])


def test_collections(client: Any, staff: str) -> None:
    made = client.create_collection(CollectionId="_others", Tags={"team": "a"})
    arn = f"arn:aws:rekognition:{REGION}:000000000000:collection/_others"
    assert (made["StatusCode"], made["CollectionArn"]) == (200, arn)
    assert error(client.create_collection, CollectionId="_others") == (
        "ResourceAlreadyExistsException",
        "The collection id: _others already exists",
    )
    pages = client.get_paginator("list_collections").paginate(PaginationConfig={"PageSize": 1})
    listed = [name for page in pages for name in page["CollectionIds"]]
    assert sorted(listed) == ["_others", "staff"]
    described = client.describe_collection(CollectionId="_others")
    assert (described["FaceCount"], described["UserCount"]) == (0, 0)
    assert described["CollectionARN"] == arn
    assert described["CreationTimestamp"].year > 2000
    client.tag_resource(ResourceArn=arn, Tags={"floor": "2", "team": "b"})
    client.untag_resource(ResourceArn=arn, TagKeys=["floor"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"team": "b"}
    assert client.delete_collection(CollectionId="_others")["StatusCode"] == 200
    for call in (client.describe_collection, client.delete_collection, client.list_faces):
        kind, sentence = error(call, CollectionId="_others")
        assert kind == "ResourceNotFoundException"
        assert sentence == "The collection id: _others does not exist"
    assert error(client.list_tags_for_resource, ResourceArn=arn)[0] == "ResourceNotFoundException"


def test_detection_and_comparison(client: Any) -> None:
    found = client.detect_faces(Image={"Bytes": BOTH}, Attributes=["ALL"])["FaceDetails"]
    assert len(found) == 2
    for face in found:
        marks = {mark["Type"]: mark for mark in face["Landmarks"]}
        assert marks["eyeLeft"]["X"] < marks["eyeRight"]["X"]
        assert marks["eyeLeft"]["Y"] < marks["nose"]["Y"] < marks["mouthLeft"]["Y"]
        assert 0 < face["BoundingBox"]["Width"] < 1 and 90 < face["Confidence"] <= 100
    assert client.detect_faces(Image={"Bytes": NOBODY})["FaceDetails"] == []
    done = client.compare_faces(SourceImage={"Bytes": GRACE}, TargetImage={"Bytes": BOTH})
    assert [match["Similarity"] >= 80 for match in done["FaceMatches"]] == [True]
    assert len(done["UnmatchedFaces"]) == 1
    strict = client.compare_faces(
        SourceImage={"Bytes": GRACE}, TargetImage={"Bytes": EILEEN}, SimilarityThreshold=99
    )
    assert strict["FaceMatches"] == []
    for source, target in ((NOBODY, GRACE), (GRACE, NOBODY)):
        wrong = error(
            client.compare_faces, SourceImage={"Bytes": source}, TargetImage={"Bytes": target}
        )
        assert wrong == ("InvalidParameterException", NO_FACES)


def test_faces(client: Any, staff: str) -> None:
    done = client.index_faces(
        CollectionId=staff, Image={"Bytes": BOTH}, ExternalImageId="meeting:1", MaxFaces=1
    )
    assert len(done["FaceRecords"]) == 1
    assert [one["Reasons"] for one in done["UnindexedFaces"]] == [["EXCEEDS_MAX_FACES"]]
    face = done["FaceRecords"][0]["Face"]
    assert face["ExternalImageId"] == "meeting:1" and "UserId" not in face
    again = client.index_faces(
        CollectionId=staff, Image={"Bytes": BOTH}, ExternalImageId="meeting:1", MaxFaces=1
    )
    assert again["FaceRecords"][0]["Face"] == face
    alone = indexed(client, GRACE)
    assert client.index_faces(CollectionId=staff, Image={"Bytes": NOBODY})["FaceRecords"] == []
    pages = client.get_paginator("list_faces").paginate(
        CollectionId=staff, PaginationConfig={"PageSize": 1}
    )
    listed = [one for page in pages for one in page["Faces"]]
    assert [one["FaceId"] for one in listed] == [face["FaceId"], alone]
    assert listed[0] == face and "ExternalImageId" not in listed[1]
    assert client.list_faces(CollectionId=staff, FaceIds=[alone])["Faces"] == listed[1:]
    stranger = "00000000-0000-4000-8000-000000000000"
    erased = client.delete_faces(CollectionId=staff, FaceIds=[alone, stranger])
    assert erased["DeletedFaces"] == [alone]
    assert erased["UnsuccessfulFaceDeletions"] == [
        {"FaceId": stranger, "Reasons": ["FACE_NOT_FOUND"]}
    ]
    assert client.describe_collection(CollectionId=staff)["FaceCount"] == 1


def test_searches(client: Any, staff: str) -> None:
    first, other = indexed(client, GRACE, "grace"), indexed(client, EILEEN, "eileen")
    found = client.search_faces_by_image(CollectionId=staff, Image={"Bytes": GRACE_AGAIN})
    assert [one["Face"]["FaceId"] for one in found["FaceMatches"]] == [first]
    assert found["FaceMatches"][0]["Face"]["ExternalImageId"] == "grace"
    assert 80 <= found["FaceMatches"][0]["Similarity"] <= 100
    assert found["SearchedFaceConfidence"] > 90 and found["SearchedFaceBoundingBox"]["Width"] > 0
    for threshold in (0, 50, 90):
        given = {"FaceMatchThreshold": threshold, "MaxFaces": 1}
        near = client.search_faces_by_image(
            CollectionId=staff, Image={"Bytes": GRACE_AGAIN}, **given
        )
        assert [one["Face"]["FaceId"] for one in near["FaceMatches"]] == [first]
    assert error(client.search_faces_by_image, CollectionId=staff, Image={"Bytes": NOBODY}) == (
        "InvalidParameterException",
        NO_FACES,
    )
    second = indexed(client, GRACE_AGAIN, "grace")
    like = client.search_faces(CollectionId=staff, FaceId=first)
    assert like["SearchedFaceId"] == first
    assert [one["Face"]["FaceId"] for one in like["FaceMatches"]] == [second]
    assert client.search_faces(CollectionId=staff, FaceId=other)["FaceMatches"] == []
    gone = "fac37000-0000-8000-8000-000000ffffff"
    assert error(client.search_faces, CollectionId=staff, FaceId=gone) == (
        "InvalidParameterException",
        "faceId was not found in the collection.",
    )


def test_users(client: Any, staff: str) -> None:
    first, second = indexed(client, GRACE, "grace.1"), indexed(client, GRACE_AGAIN)
    stranger = indexed(client, EILEEN)
    assert client.list_users(CollectionId=staff)["Users"] == []
    client.create_user(CollectionId=staff, UserId="hopper")
    assert error(client.create_user, CollectionId=staff, UserId="hopper")[0] == "ConflictException"
    done = client.associate_faces(CollectionId=staff, UserId="hopper", FaceIds=[first])
    assert done["AssociatedFaces"] == [{"FaceId": first}] and done["UserStatus"] == "ACTIVE"
    done = client.associate_faces(CollectionId=staff, UserId="hopper", FaceIds=[second, stranger])
    assert done["AssociatedFaces"] == [{"FaceId": second}]
    (failed,) = done["UnsuccessfulFaceAssociations"]
    assert (failed["FaceId"], failed["Reasons"]) == (stranger, ["LOW_MATCH_CONFIDENCE"])
    listed = client.list_faces(CollectionId=staff, UserId="hopper")["Faces"]
    assert [(one["FaceId"], one["UserId"]) for one in listed] == [
        (first, "hopper"),
        (second, "hopper"),
    ]
    assert listed[0]["ExternalImageId"] == "grace.1"


def test_searches_for_users(client: Any, staff: str) -> None:
    first = indexed(client, GRACE, "grace.1")
    client.create_user(CollectionId=staff, UserId="hopper")
    client.associate_faces(CollectionId=staff, UserId="hopper", FaceIds=[first])
    users = client.list_users(CollectionId=staff)["Users"]
    assert users == [{"UserId": "hopper", "UserStatus": "ACTIVE"}]
    assert client.describe_collection(CollectionId=staff)["UserCount"] == 1
    found = client.search_users_by_image(CollectionId=staff, Image={"Bytes": BOTH})
    assert len(found["UnsearchedFaces"]) == 1
    for found in (
        client.search_users_by_image(CollectionId=staff, Image={"Bytes": GRACE}),
        client.search_users(CollectionId=staff, FaceId=first),
    ):
        assert [one["User"]["UserId"] for one in found["UserMatches"]] == ["hopper"]
    assert client.search_users(CollectionId=staff, UserId="hopper")["UserMatches"] == []
    nobody = client.search_users_by_image(CollectionId=staff, Image={"Bytes": NOBODY})
    assert nobody["UserMatches"] == [] and "SearchedFace" not in nobody


def test_faces_of_users_stay(client: Any, staff: str) -> None:
    first, second = indexed(client, GRACE, "grace.1"), indexed(client, GRACE_AGAIN)
    stranger = indexed(client, EILEEN)
    client.create_user(CollectionId=staff, UserId="hopper")
    client.associate_faces(CollectionId=staff, UserId="hopper", FaceIds=[first, second])
    kept = client.delete_faces(CollectionId=staff, FaceIds=[first])
    (failed,) = kept["UnsuccessfulFaceDeletions"]
    assert failed["Reasons"] == ["ASSOCIATED_TO_AN_EXISTING_USER"]
    given = {"CollectionId": staff, "UserId": "hopper"}
    taken = client.disassociate_faces(FaceIds=[first, stranger], **given)
    assert taken["DisassociatedFaces"] == [{"FaceId": first}]
    (failed,) = taken["UnsuccessfulFaceDisassociations"]
    assert failed["Reasons"] == ["ASSOCIATED_TO_A_DIFFERENT_USER"]
    client.delete_user(**given)
    for call in (client.delete_user, client.search_users):
        assert error(call, **given)[0] == "ResourceNotFoundException"
    faces = client.list_faces(CollectionId=staff)["Faces"]
    assert {one["FaceId"] for one in faces} == {first, second, stranger}
    assert not any("UserId" in one for one in faces)


def test_a_repeated_creation_is_done_once(client: Any, staff: str) -> None:
    given = {"CollectionId": staff, "ClientRequestToken": "token-1"}
    client.create_user(UserId="grace", **given)
    client.create_user(UserId="grace", **given)
    kind, _ = error(client.create_user, UserId="eileen", **given)
    assert kind == "IdempotentParameterMismatchException"


def test_objects_of_buckets(client: Any, staff: str) -> None:
    def stored(bucket: str, name: str, **more: str) -> Any:
        return {"Image": {"S3Object": {"Bucket": bucket, "Name": name, **more}}}

    found = client.detect_faces(**stored("photos", "people/grace.jpg"))
    assert len(found["FaceDetails"]) == 1
    for bucket, name in (
        ("photos", "people/none.jpg"),
        ("photos", "../secret.jpg"),
        ("photos", "people/../../secret.jpg"),
        ("photos", "/etc/hostname"),
        ("photos", "link.jpg"),
        ("photos", "people"),
        ("others", "people/grace.jpg"),
    ):
        assert error(client.detect_faces, **stored(bucket, name))[0] == "InvalidS3ObjectException"
    versioned = stored("photos", "people/grace.jpg", Version="1")
    assert error(client.detect_faces, **versioned)[0] == "InvalidS3ObjectException"


def test_what_is_wrong_is_told_by_type(client: Any, staff: str) -> None:
    for call, given, kind in (
        (client.detect_faces, {"Image": {"Bytes": b"no picture"}}, "InvalidImageFormatException"),
        (
            client.detect_faces,
            {"Image": {"Bytes": b"\xff" * (5 * 2**20 + 1)}},
            "ImageTooLargeException",
        ),
        (client.detect_faces, {"Image": {}}, "InvalidParameterException"),
        (client.list_faces, {"CollectionId": "two words"}, "InvalidParameterException"),
        (
            client.list_faces,
            {"CollectionId": staff, "NextToken": "bm8="},
            "InvalidPaginationTokenException",
        ),
        (client.tag_resource, {"ResourceArn": "x" * 30, "Tags": {}}, "InvalidParameterException"),
        (
            client.start_face_search,
            {"Video": {}, "CollectionId": staff},
            "UnknownOperationException",
        ),
    ):
        assert error(call, **given)[0] == kind


def test_a_client_looks_for_its_collection_before_it_makes_it(client: Any) -> None:
    """The requests of double-take, in their order."""
    name = {"CollectionId": "double-take"}
    assert error(client.describe_collection, **name)[0] == "ResourceNotFoundException"
    client.create_collection(**name)
    client.index_faces(**name, Image={"Bytes": GRACE}, ExternalImageId="grace", MaxFaces=1)
    found = client.search_faces_by_image(**name, Image={"Bytes": BOTH}, FaceMatchThreshold=0)
    best = max(found["FaceMatches"], key=lambda match: match["Similarity"])
    assert best["Face"]["ExternalImageId"] == "grace"
    faces = client.list_faces(**name)["Faces"]
    client.delete_faces(**name, FaceIds=[one["FaceId"] for one in faces])
    assert client.describe_collection(**name)["FaceCount"] == 0
    client.delete_collection(**name)


def test_keys_of_one_collection_and_of_few_scopes(
    server: RekognitionServer, client: Any, staff: str
) -> None:
    client.create_collection(CollectionId="others")
    bound = server.boto3_client(server.signing_key("--collection", staff))
    assert bound.list_collections()["CollectionIds"] == [staff]
    for name in ("others", "none"):
        kind, _ = error(bound.describe_collection, CollectionId=name)
        assert kind == "AccessDeniedException"
    assert error(bound.create_collection, CollectionId="more")[0] == "AccessDeniedException"
    few = server.boto3_client(server.signing_key("--preset", "door"))
    assert error(few.list_faces, CollectionId=staff)[0] == "AccessDeniedException"
    found = few.search_faces_by_image(CollectionId=staff, Image={"Bytes": GRACE})
    assert found["FaceMatches"] == []
    client.delete_collection(CollectionId="others")
