"""Requests of clients of CompreFace as they are on the wire, quirks and all.

Each shape is one that a published client sends; what the client reads of the answer is checked.
"""

import base64
import json
from typing import Any

import pytest

from tests.api.compreface.conftest import API, RECOGNITION, CompreFace, key_for
from tests.portraits import eileen, encoded, grace, landscape

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


def form(*parts: tuple[str, str | None, bytes], boundary: str = BOUNDARY) -> bytes:
    """A multipart body of (name, file name, content)."""
    made = b""
    for name, file_name, content in parts:
        named = f'; filename="{file_name}"' if file_name is not None else ""
        kind = "\r\nContent-Type: image/jpeg" if file_name is not None else ""
        made += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{named}'.encode()
        made += kind.encode() + b"\r\n\r\n" + content + b"\r\n"
    return made + f"--{boundary}--\r\n".encode()


def multipart(boundary: str | None = BOUNDARY) -> dict[str, str]:
    named = f"; boundary={boundary}" if boundary else ""
    return {"Content-Type": f"multipart/form-data{named}"}


@pytest.mark.parametrize("plugins", ["", "undefined", "gender,age,mask", "landmarks%2Cgender"])
def test_double_take(enrolled: CompreFace, plugins: str) -> None:
    path = f"{RECOGNITION}/recognize?face_plugins={plugins}&det_prob_threshold=0.8"
    snapshot = {"file": ("1.jpg", encoded(grace()), "image/jpeg")}
    for face in enrolled.json("POST", path, files=snapshot)["result"]:
        best, box = face["subjects"][0], face["box"]
        assert (best["subject"], best["similarity"] >= 0.6) == ("Grace Hopper", True)
        assert box["x_max"] - box["x_min"] > 0 < box["y_max"] - box["y_min"]
        assert "age" not in face and "gender" not in face
        assert ("mask" in face) == ("mask" in plugins)
    nobody = {"file": ("1.jpg", encoded(landscape()))}
    assert enrolled.error("POST", path, files=nobody) == (400, 28)
    stranger = {"file": ("1.jpg", encoded(eileen()))}
    enrolled.json("DELETE", f"{RECOGNITION}/faces?subject=eileen collins")
    enrolled.json("DELETE", f"{RECOGNITION}/subjects/Eileen Collins")
    (face,) = enrolled.json("POST", path, files=stranger)["result"]
    assert face["subjects"][0]["similarity"] <= 0.4
    assert enrolled.send("POST", f"{RECOGNITION}/faces?subject=eileen", files=stranger).is_success


def test_viseron(compreface: CompreFace) -> None:
    """By the Python SDK: a query that begins with an ampersand, bytes called image.jpg."""
    query = "?&limit=0&det_prob_threshold=0.8&prediction_count=1&status=False"
    frame = form(("file", "image.jpg", encoded(grace())))
    assert "subjects" in compreface.json("GET", f"{RECOGNITION}/subjects")
    # Before it trains it removes what may be there, and reads the answer as JSON.
    assert compreface.json("DELETE", f"{RECOGNITION}/faces?subject=grace hopper")
    added = compreface.json(
        "POST",
        f"{RECOGNITION}/faces?subject=grace hopper",
        201,
        content=frame,
        headers=multipart(),
    )
    assert "message" not in added
    sent: dict[str, Any] = {"content": frame, "headers": multipart()}
    answer = compreface.json("POST", f"{RECOGNITION}/recognize{query}", **sent)
    assert "result" in answer
    assert answer["result"][0]["subjects"][0]["subject"] == "grace hopper"


@pytest.mark.parametrize("content_type", ["multipart/form-data", "", "text/plain;charset=UTF-8"])
def test_javascript_without_a_boundary(enrolled: CompreFace, content_type: str) -> None:
    path = f"{RECOGNITION}/recognize?limit=0?det_prob_threshold=0.8?face_plugins=landmarks"
    body = form(("file", "example.jpg", encoded(grace())))
    sent: dict[str, Any] = {"content": body, "headers": {"Content-Type": content_type}}
    (face,) = enrolled.json("POST", path, **sent)["result"]
    assert set(face) == {"box", "subjects", "landmarks"}
    as_json = json.dumps({"file": base64.b64encode(encoded(grace())).decode()}).encode()
    sent = {"content": as_json, "headers": {"Content-Type": content_type}}
    assert enrolled.json("POST", path, **sent)["result"] == [face]


def test_javascript_second_question_marks(compreface: CompreFace) -> None:
    base = f"{RECOGNITION}/faces?subject=Who? Me?det_prob_threshold=0.8?status=true"
    picture = {"file": base64.b64encode(encoded(grace())).decode()}
    assert compreface.json("POST", base, 201, json=picture)["subject"] == "Who? Me"
    listed = compreface.json("GET", f"{RECOGNITION}/faces?subject=Who%3F Me")
    assert listed["total_elements"] == 1
    multiple = [listed["faces"][0]["image_id"]]
    assert isinstance(compreface.json("POST", f"{RECOGNITION}/faces/delete", json=multiple), list)


def test_net_double_slashes_and_whole_numbers(enrolled: CompreFace) -> None:
    image = enrolled.json("GET", f"{RECOGNITION}/faces")["faces"][0]["image_id"]
    for path in (
        f"/api/v1/static/{enrolled.key}//images//{image}",
        f"/api/v1//recognition/faces/{image}//img",
    ):
        assert enrolled.send("GET", path).content[:2] == b"\xff\xd8"
    (face,) = enrolled.recognize(encoded(grace()), "face_plugins=landmarks")
    numbers = [face["box"][name] for name in ("x_min", "x_max", "y_min", "y_max")]
    numbers += [number for point in face["landmarks"] for number in point]
    assert all(type(number) is int for number in numbers)


def test_go_trailing_slashes_and_form_fields(enrolled: CompreFace) -> None:
    assert enrolled.json("GET", f"{RECOGNITION}/subjects/")["subjects"]
    path = f"{RECOGNITION}/recognize/?limit=10&prediction_count=3&face_plugins="
    body = form(("file", "a.jpg", encoded(grace())), ("det_prob_threshold", None, b"0.9999999"))
    sent: dict[str, Any] = {"content": body, "headers": multipart()}
    assert enrolled.error("POST", path, **sent) == (400, 28)
    body = form(("file", "a.jpg", encoded(grace())), ("prediction_count", None, b"1"))
    sent = {"content": body, "headers": multipart()}
    assert len(enrolled.json("POST", path, **sent)["result"][0]["subjects"]) == 2
    assert enrolled.json("DELETE", f"{RECOGNITION}/subjects/") == {"deleted": 2}


def test_the_stash_plugin(compreface: CompreFace) -> None:
    name = "Person 12345 of a name that has more than fifty characters"
    picture = {"file": ("a.jpg", encoded(grace()))}
    for query in ("face_plugins=landmarks%2Cgender%2Cage", "limit=0&status=true"):
        assert compreface.json("POST", f"{API}/detection/detect?{query}", files=picture)["result"]
    path = f"{RECOGNITION}/faces?subject={name}"
    image = compreface.json("POST", path, 201, files=picture)["image_id"]
    assert compreface.json("GET", f"{RECOGNITION}/subjects?page=0&size=100")["subjects"] == [name]
    listed = compreface.json("GET", f"{RECOGNITION}/faces?page=0&size=100")
    assert listed["faces"] == [{"image_id": image, "subject": name}]
    compreface.json("DELETE", f"{RECOGNITION}/faces/{image}")
    assert compreface.json("DELETE", f"{RECOGNITION}/subjects/{name}") == {"subject": name}

    compreface.key = key_for(
        compreface.client, scopes=["recognize", "verify", "detect", "browse", "embed"]
    )
    query = "face_plugins=calculator&status=true"
    detected = compreface.json("POST", f"{API}/detection/detect?{query}", files=picture)
    assert all(isinstance(one, str) for one in detected["plugins_versions"].values())
    sent = {"embeddings": [detected["result"][0]["embedding"]]}
    path = f"{RECOGNITION}/embeddings/recognize?prediction_count=5"
    assert compreface.json("POST", path, json=sent)["result"][0]["similarities"] == []


def test_two_parts_of_one_name(enrolled: CompreFace) -> None:
    """As a page of React sends them: the first one counts."""
    parts = [("file", "a.jpg", encoded(grace())), ("file", "b.jpg", encoded(eileen()))]
    extra = ("thumbnail", "c.jpg", encoded(landscape()))
    sent: Any = {"content": form(extra, *parts), "headers": multipart()}
    (face,) = enrolled.json("POST", f"{RECOGNITION}/recognize", **sent)["result"]
    assert face["subjects"][0]["subject"] == "Grace Hopper"


def test_json_where_nothing_is_sent(enrolled: CompreFace) -> None:
    headers = {"Content-Type": "application/json"}
    assert enrolled.json("GET", f"{RECOGNITION}/subjects", headers=headers)["subjects"]
    assert enrolled.json("DELETE", f"{RECOGNITION}/subjects", headers=headers)["deleted"] == 2


@pytest.mark.parametrize("body", [b"--", b"--\r\n", b"--" + b"x" * 100, b"--x\r\n\r\n", b"  ["])
def test_bodies_that_only_look_like_forms(compreface: CompreFace, body: bytes) -> None:
    sent: dict[str, Any] = {"content": body, "headers": multipart(None)}
    assert compreface.error("POST", f"{RECOGNITION}/recognize", **sent) == (400, 26)
