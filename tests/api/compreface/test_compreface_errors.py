"""CompreFace's format: errors have a number and are JSON, keys stand in a header of their own."""

import base64
import uuid
from typing import Any

import pytest

from app.api.compreface.addresses import image_id
from app.domain.errors.requests import InvalidRequestError
from app.settings import Settings
from tests.api.compreface.conftest import API, RECOGNITION, CompreFace, key_for
from tests.api.conftest import Client, new_key, running, subject_id
from tests.portraits import encoded, grace, landscape

OTHER_ID = "9f1c7a52-3a41-4c36-8a57-6f0e2f6d1b11"
"""Of no face and no key: processes that share the tests have to see the same."""

FACE = base64.b64encode(encoded(grace())).decode()
FILE = {"file": ("a.jpg", b"no picture")}
UNKNOWN_ID = image_id(999_999)


def portrait() -> dict[str, Any]:
    return {"file": ("a.jpg", encoded(grace()))}


@pytest.mark.parametrize(
    ("method", "path", "sent", "expected"),
    [
        ("GET", "/none", {}, (404, 0)),
        ("GET", "", {}, (404, 0)),
        ("GET", "/recognition/recognize", {}, (404, 0)),
        ("PATCH", "/recognition/subjects", {}, (404, 0)),
        ("PUT", "/recognition/faces", {}, (404, 0)),
        ("POST", "/recognition/recognize", {"files": FILE}, (400, 21)),
        ("POST", "/recognition/recognize", {"json": {}}, (400, 34)),
        ("POST", "/recognition/recognize", {"json": {"file": "?"}}, (400, 26)),
        ("POST", "/recognition/recognize", {"json": {"file": 7}}, (400, 26)),
        ("POST", "/recognition/recognize", {"content": b"\xff\xd8"}, (400, 26)),
        ("POST", "/recognition/recognize", {"content": b"{"}, (400, 26)),
        ("POST", "/recognition/recognize", {"content": b""}, (400, 26)),
        ("POST", "/recognition/recognize", {"data": {"limit": "1"}}, (400, 26)),
        ("POST", "/recognition/recognize?prediction_count=0", {"files": portrait()}, (400, 26)),
        ("POST", "/recognition/recognize?prediction_count=0.0", {"files": portrait()}, (400, 26)),
        ("POST", "/recognition/recognize?prediction_count=-00", {"files": portrait()}, (400, 26)),
        (
            "POST",
            "/recognition/recognize",
            {"json": {"file": FACE, "prediction_count": 0}},
            (400, 26),
        ),
        ("DELETE", "/recognition/subjects/%2F", {}, (404, 42)),
        ("DELETE", "/recognition/subjects/%2f%2F/", {}, (404, 42)),
        ("POST", "/recognition/recognize?prediction_count=101", {"files": portrait()}, (400, 26)),
        ("POST", "/recognition/recognize?limit=-1", {"files": portrait()}, (400, 26)),
        ("POST", "/recognition/recognize?limit=x", {"files": portrait()}, (400, 26)),
        ("POST", "/detection/detect?det_prob_threshold=1.1", {"files": portrait()}, (400, 26)),
        ("POST", "/detection/detect?det_prob_threshold=nan", {"files": portrait()}, (400, 26)),
        ("POST", "/detection/detect?status=maybe", {"files": portrait()}, (400, 26)),
        ("POST", "/verification/verify", {"files": portrait()}, (400, 34)),
        ("POST", "/recognition/faces", {"files": portrait()}, (400, 33)),
        ("POST", "/recognition/faces?subject=%00", {"files": portrait()}, (400, 26)),
        ("POST", "/recognition/faces/delete", {"json": {"ids": []}}, (400, 26)),
        ("POST", "/recognition/faces/delete", {"json": ["x"]}, (400, 26)),
        ("POST", "/recognition/faces/delete", {"json": [UNKNOWN_ID] * 1001}, (400, 26)),
        ("POST", "/recognition/subjects", {"json": {}}, (400, 33)),
        ("POST", "/recognition/subjects", {"json": {"subject": 7}}, (400, 26)),
        ("POST", "/recognition/subjects", {"json": {"subject": "x" * 201}}, (400, 26)),
        ("POST", "/recognition/subjects", {"json": []}, (400, 26)),
        ("DELETE", "/recognition/faces/nonsense", {}, (400, 26)),
        ("DELETE", f"/recognition/faces/{OTHER_ID}", {}, (404, 11)),
    ],
)
def test_whatever_goes_wrong_has_a_number(
    compreface: CompreFace, method: str, path: str, sent: dict[str, Any], expected: Any
) -> None:
    assert compreface.error(method, API + path, **sent) == expected


def test_a_picture_without_a_face(compreface: CompreFace) -> None:
    nobody = {"file": ("a.jpg", encoded(landscape()))}
    for path in ("/recognition/recognize", "/detection/detect"):
        assert compreface.error("POST", API + path, files=nobody) == (400, 28)


def test_keys(compreface: CompreFace) -> None:
    client, path = compreface.client, f"{RECOGNITION}/subjects"
    admin = client.headers["Authorization"]
    for key, expected in (
        ("", (400, 20)),
        ("nonsense", (400, 26)),
        ("00000000-0000-0000-0000-000000000002", (404, 10)),
        (admin.split()[1], (400, 26)),
    ):
        compreface.key = key
        # The native format's key, which is an admin's, is sent with all of them.
        assert compreface.error("GET", path, headers={"Authorization": admin}) == expected
    compreface.key = key_for(client, scopes=["read"])
    assert compreface.json("GET", path) == {"subjects": []}
    assert compreface.error("DELETE", path) == (403, 0)
    assert compreface.error("POST", f"{RECOGNITION}/faces?subject=x", files=FILE) == (403, 0)
    answer = client.get("/v1/collections", headers={"Authorization": f"Bearer {compreface.key}"})
    assert answer.json()["code"] == "invalid-key"


def test_a_key_ends(compreface: CompreFace) -> None:
    keys = compreface.client.app.edge.use_cases.keys
    made, compreface.key = keys.create("door", collection="staff", form="compreface")
    assert uuid.UUID(compreface.key)
    assert made.form == "compreface"
    assert compreface.key not in str(keys.list())
    assert compreface.json("GET", f"{RECOGNITION}/subjects")
    compreface.key = compreface.key.upper()
    assert compreface.json("GET", f"{RECOGNITION}/subjects")
    keys.revoke(made.id)
    assert compreface.error("GET", f"{RECOGNITION}/subjects") == (404, 10)


def test_a_key_sees_its_own_collection_alone(enrolled: CompreFace) -> None:
    enrolled.client.collection("others")
    other = CompreFace(enrolled.client, key_for(enrolled.client, "others"))
    assert other.json("GET", f"{RECOGNITION}/subjects") == {"subjects": []}
    image = enrolled.json("GET", f"{RECOGNITION}/faces")["faces"][0]["image_id"]
    faces = f"{RECOGNITION}/faces"
    assert other.error("DELETE", f"{faces}/{image}") == (404, 11)
    assert other.json("POST", f"{faces}/delete", json=[image]) == []
    assert other.error("POST", f"{faces}/{image}/verify", files=portrait()) == (404, 11)
    assert other.json("DELETE", f"{RECOGNITION}/subjects") == {"deleted": 0}
    assert enrolled.json("GET", faces)["total_elements"] == 2


def test_keys_need_their_collection(client: Client) -> None:
    keys = client.app.edge.use_cases.keys
    for wrong in ({"form": "compreface"}, {"form": "faces"}):
        with pytest.raises(InvalidRequestError):
            keys.create("door", **wrong)
    assert keys.create("plain")[0].scopes == ("read",)


def test_pages_of_named_origins_may_send_the_key(compreface: CompreFace) -> None:
    asked = {
        "Origin": "https://kiosk.example",
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "x-api-key",
    }
    answer = compreface.client.options(f"{RECOGNITION}/subjects", headers=asked)
    assert answer.status_code == 200


def test_the_native_format_is_as_before(compreface: CompreFace) -> None:
    client = compreface.client
    assert client.get("/api").json()["code"] == "not-found"
    assert client.get("/api/v2/x").json()["code"] == "not-found"
    assert client.get("//v1/collections").json()["code"] == "not-found"
    assert API not in str(client.get("/openapi.json").json()["paths"])
    new_key(client.app, "read")
    client.subject("Ann")
    assert subject_id(client, "Ann")


def test_while_auth_is_off_the_key_still_says_which_collection(settings: Settings) -> None:
    update = {"wire_formats": ("native", "compreface"), "auth": "off", "job_workers": 0}
    with running(settings.model_copy(update=update)) as client:
        client.base_url = "http://localhost"
        client.collection()
        caller = CompreFace(client, key_for(client, scopes=["door"]))
        assert caller.json("GET", f"{RECOGNITION}/subjects") == {"subjects": []}
        caller.key = ""
        assert caller.error("GET", f"{RECOGNITION}/subjects") == (400, 20)
        caller.key = OTHER_ID
        assert caller.error("GET", f"{RECOGNITION}/subjects") == (404, 10)
