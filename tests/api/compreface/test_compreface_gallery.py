"""CompreFace's format: subjects, faces and kept pictures, the same ones that others see."""

import uuid

import pytest

from app.api.compreface.addresses import face_id, image_id
from app.domain.errors.gallery import UnknownFaceError
from tests.api.compreface.conftest import API, RECOGNITION, CompreFace, key_for
from tests.portraits import eileen, encoded, grace, landscape, side_by_side

OTHER_ID = "9f1c7a52-3a41-4c36-8a57-6f0e2f6d1b11"
"""Of no face and no key: processes that share the tests have to see the same."""

FILE = {"file": ("a.jpg", b"no picture")}
UNKNOWN_ID = image_id(999_999)


def test_subjects(compreface: CompreFace) -> None:
    subjects = f"{RECOGNITION}/subjects"
    assert compreface.json("GET", subjects) == {"subjects": []}
    for name in ("Ann", "Bob", "Person 12345 with a name of more than fifty characters"):
        assert compreface.json("POST", subjects, 201, json={"subject": name}) == {"subject": name}
    assert compreface.error("POST", subjects, json={"subject": "Ann"}) == (400, 43)
    renamed = {"subject": "Ann Lee", "api_endpoint": "Ann"}
    assert compreface.json("PUT", f"{subjects}/Ann", json=renamed) == {"updated": True}
    assert compreface.json("GET", subjects)["subjects"][:2] == ["Ann Lee", "Bob"]
    assert compreface.error("PUT", f"{subjects}/Ann", json=renamed) == (404, 42)
    assert compreface.error("PUT", f"{subjects}/Bob", json={"subject": "\0"}) == (400, 26)
    assert compreface.json("DELETE", f"{subjects}/Ann Lee") == {"subject": "Ann Lee"}
    assert compreface.error("DELETE", f"{subjects}/Ann Lee") == (404, 42)
    assert compreface.json("DELETE", subjects) == {"deleted": 2}
    assert compreface.json("DELETE", subjects) == {"deleted": 0}


def test_names_with_slashes_are_written_as_such_in_paths(enrolled: CompreFace) -> None:
    enrolled.add("a/b/", encoded(grace(), quality=60))
    assert enrolled.error("DELETE", f"{RECOGNITION}/subjects/%2F") == (404, 42)
    path = f"{RECOGNITION}/subjects/a%2Fb%2f"
    assert enrolled.json("PUT", path, json={"subject": "/"}) == {"updated": True}
    assert enrolled.json("DELETE", f"{RECOGNITION}//subjects/%2F/") == {"subject": "/"}
    left = enrolled.json("GET", f"{RECOGNITION}/subjects")["subjects"]
    assert sorted(left) == ["Eileen Collins", "Grace Hopper"]


def test_a_rename_to_a_name_that_is_taken_merges(enrolled: CompreFace) -> None:
    path = f"{RECOGNITION}/subjects/Grace%20Hopper"
    assert enrolled.json("PUT", path, json={"subject": "Eileen Collins"}) == {"updated": True}
    assert enrolled.json(
        "PUT", path.replace("Grace%20Hopper", "Eileen Collins"), json={"subject": "Eileen Collins"}
    ) == {"updated": True}
    assert enrolled.json("GET", f"{RECOGNITION}/subjects") == {"subjects": ["Eileen Collins"]}
    assert enrolled.json("GET", f"{RECOGNITION}/faces")["total_elements"] == 2
    (face,) = enrolled.recognize(encoded(grace()))
    assert face["subjects"][0]["subject"] == "Eileen Collins"


def test_faces_are_listed_by_page(enrolled: CompreFace) -> None:
    enrolled.add("Grace Hopper", encoded(grace(), quality=70))
    faces = f"{RECOGNITION}/faces"
    everything = enrolled.json("GET", faces)
    assert (everything["page_number"], everything["page_size"]) == (0, 20)
    assert (everything["total_pages"], everything["total_elements"]) == (1, 3)
    assert all(uuid.UUID(face["image_id"]) for face in everything["faces"])
    second = enrolled.json("GET", f"{faces}?page=1&size=2")
    assert second["faces"] == everything["faces"][2:]
    assert second["total_pages"] == 2
    hers = enrolled.json("GET", f"{faces}?subject=Grace%20Hopper")
    assert {face["subject"] for face in hers["faces"]} == {"Grace Hopper"}
    assert hers["total_elements"] == 2
    assert enrolled.json("GET", f"{faces}?subject=nobody")["faces"] == []
    for wrong in ("page=-1", "size=0", "size=x", "size=10001"):
        assert enrolled.error("GET", f"{faces}?{wrong}") == (400, 26)


def test_the_same_picture_is_one_face(enrolled: CompreFace) -> None:
    first = enrolled.add("Grace Hopper", encoded(grace()))
    assert enrolled.add("Grace Hopper", encoded(grace())) == first
    assert enrolled.json("GET", f"{RECOGNITION}/faces")["total_elements"] == 2


def test_faces_are_erased(enrolled: CompreFace) -> None:
    faces = f"{RECOGNITION}/faces"
    more = [enrolled.add("Grace Hopper", encoded(grace(), quality=q)) for q in (60, 70, 80)]
    gone = {"image_id": more[0], "subject": "Grace Hopper"}
    assert enrolled.json("DELETE", f"{faces}/{more[0]}") == gone
    assert enrolled.error("DELETE", f"{faces}/{more[0]}") == (404, 11)
    several = [more[1], more[0], UNKNOWN_ID, OTHER_ID]
    erased = enrolled.json("POST", f"{faces}/delete", json=several)
    assert erased == [{"image_id": more[1], "subject": "Grace Hopper"}]
    assert enrolled.json("POST", f"{faces}/delete", json=several) == []
    assert enrolled.json("DELETE", f"{faces}?subject=Grace Hopper") == {"deleted": 2}
    for nobody in ("Grace Hopper", "nobody", "%00"):
        assert enrolled.json("DELETE", f"{faces}?subject={nobody}") == {"deleted": 0}
    assert enrolled.json("DELETE", faces) == {"deleted": 1}
    assert enrolled.json("GET", f"{RECOGNITION}/subjects")["subjects"] == [
        "Grace Hopper",
        "Eileen Collins",
    ]
    (face,) = enrolled.recognize(encoded(grace()))
    assert face["subjects"] == []


def test_kept_pictures(enrolled: CompreFace) -> None:
    image = enrolled.json("GET", f"{RECOGNITION}/faces")["faces"][0]["image_id"]
    picture = enrolled.send("GET", f"{RECOGNITION}/faces/{image}/img")
    assert picture.content[:2] == b"\xff\xd8"
    assert picture.headers["content-type"] == "application/octet-stream"
    public = f"{API}/static/{enrolled.key}/images/{image}"
    assert enrolled.client.get(public, headers={"Authorization": ""}).content == picture.content
    for path, expected in (
        (f"{API}/static/{OTHER_ID}/images/{image}", (404, 10)),
        (f"{API}/static/nonsense/images/{image}", (400, 26)),
        (f"{API}/static/{enrolled.key}/images/{UNKNOWN_ID}", (404, 11)),
        (f"{RECOGNITION}/faces/nonsense/img", (400, 26)),
    ):
        assert enrolled.error("GET", path) == expected
    enrolled.client.collection("others", keep_images=False)
    other = CompreFace(enrolled.client, key_for(enrolled.client, "others"))
    made = other.add("Grace", encoded(grace()))
    answer = other.send("GET", f"{RECOGNITION}/faces/{made}/img")
    assert (answer.status_code, answer.content) == (200, b"")
    assert other.error("GET", f"{RECOGNITION}/faces/{image}/img") == (404, 11)


def test_what_is_asked_of_the_server(compreface: CompreFace) -> None:
    assert compreface.json("GET", f"{API}/config") == {
        "maxFileSize": 2_000_000,
        "maxBodySize": 8_000_000,
    }
    status = compreface.json("GET", f"{API}/consistence/status")
    assert status == {
        "demoFaceCollectionIsInconsistent": False,
        "dbIsInconsistent": False,
        "saveImagesToDB": True,
    }
    assert isinstance(compreface.json("POST", f"{API}/migrate"), str)


def test_one_person_is_found_and_erased_by_either_format(enrolled: CompreFace) -> None:
    client = enrolled.client
    native = client.recognize(encoded(grace())).json()["faces"][0]
    assert native["subject"]["name"] == "Grace Hopper"
    assert client.delete(f"/v1/collections/staff/subjects/{native['subject']['id']}").is_success
    assert enrolled.json("GET", f"{RECOGNITION}/subjects") == {"subjects": ["Eileen Collins"]}
    assert enrolled.recognize(encoded(grace()))[0]["subjects"][0]["similarity"] <= 0.4

    client.enrol(client.subject("Grace"), encoded(grace()))
    (face,) = enrolled.recognize(encoded(grace()))
    assert face["subjects"][0]["subject"] == "Grace"
    native_id = client.get("/v1/collections/staff/faces").json()["items"][-1]["id"]
    assert enrolled.json("DELETE", f"{RECOGNITION}/faces/{image_id(native_id)}")
    assert client.recognize(encoded(grace())).json()["faces"][0]["decision"] == "unknown"
    enrolled.json("DELETE", f"{RECOGNITION}/subjects")
    assert client.contents() == (0, 0)


def test_nobody_is_left_behind_when_no_picture_could_be_used(compreface: CompreFace) -> None:
    path = f"{RECOGNITION}/faces?subject=Nobody"
    for picture, expected in (
        (encoded(landscape()), (400, 28)),
        (encoded(side_by_side(grace(), eileen())), (400, 31)),
        (b"no picture", (400, 21)),
        (b"", (400, 21)),
    ):
        files = {"file": ("a.jpg", picture)}
        assert compreface.error("POST", path, files=files) == expected
    assert compreface.client.contents() == (0, 0)
    compreface.json("POST", f"{RECOGNITION}/subjects", 201, json={"subject": "Nobody"})
    assert compreface.error("POST", path, files=FILE) == (400, 21)
    assert compreface.client.contents() == (1, 0)


@pytest.mark.parametrize("face", [1, 42, 2**62 - 1, 2**62, 2**63 - 1])
def test_ids_of_images_hold_those_of_faces(face: int) -> None:
    made = image_id(face)
    assert uuid.UUID(made).version == 8
    assert face_id(made) == face_id(made.upper()) == face


@pytest.mark.parametrize("image", [OTHER_ID, str(uuid.UUID(int=0)), image_id(1 << 63)])
def test_other_ids_are_of_no_face(image: str) -> None:
    with pytest.raises(UnknownFaceError):
        face_id(image)
