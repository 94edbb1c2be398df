"""CompreFace's format: who is on a picture, and by which score."""

import base64
from typing import Any

import pytest

from app.api.compreface.addresses import image_id
from tests.api.compreface.conftest import API, RECOGNITION, CompreFace, key_for
from tests.portraits import eileen, encoded, grace, landscape, side_by_side

UNKNOWN_ID = image_id(999_999)


def portrait() -> dict[str, Any]:
    return {"file": ("a.jpg", encoded(grace()))}


def test_people_are_recognized_with_a_score_above_the_cut(enrolled: CompreFace) -> None:
    (face,) = enrolled.recognize(encoded(grace()))
    assert set(face) == {"box", "subjects"}
    (subject,) = face["subjects"]
    assert subject["subject"] == "Grace Hopper"
    assert 0.9 < subject["similarity"] <= 1
    assert isinstance(subject["similarity"], float)
    box = face["box"]
    assert set(box) == {"probability", "x_min", "y_min", "x_max", "y_max"}
    assert all(type(box[name]) is int for name in ("x_min", "y_min", "x_max", "y_max"))
    assert 0 <= box["x_min"] < box["x_max"]
    assert 0.9 < box["probability"] <= 1


def test_a_stranger_gets_the_nearest_with_a_low_score(compreface: CompreFace) -> None:
    compreface.add("Grace Hopper", encoded(grace()))
    (face,) = compreface.recognize(encoded(eileen()))
    (subject,) = face["subjects"]
    assert subject["subject"] == "Grace Hopper"
    assert subject["similarity"] <= 0.4
    (face,) = compreface.recognize(encoded(eileen()), "unknown=omit")
    assert face["subjects"] == []
    (face,) = compreface.recognize(encoded(eileen()), "unknown=named")
    assert face["subjects"] == [{"subject": "unknown", "similarity": 0.1}]


def test_a_key_that_may_not_browse_is_told_of_matches_alone(enrolled: CompreFace) -> None:
    enrolled.json("DELETE", f"{RECOGNITION}/subjects/Eileen Collins")
    enrolled.key = key_for(enrolled.client, scopes=["door"])
    (face,) = enrolled.recognize(encoded(grace()), "prediction_count=3")
    assert [one["subject"] for one in face["subjects"]] == ["Grace Hopper"]
    (face,) = enrolled.recognize(encoded(eileen()))
    assert face["subjects"] == [{"subject": "unknown", "similarity": 0.1}]
    assert enrolled.error("GET", f"{RECOGNITION}/subjects") == (403, 0)


def test_nobody_enrolled_is_no_subject(compreface: CompreFace) -> None:
    (face,) = compreface.recognize(encoded(grace()))
    assert face["subjects"] == []


def test_several_predictions_come_the_likeliest_first(enrolled: CompreFace) -> None:
    for query in ("prediction_count=2", "prediction_count=-1"):
        (face,) = enrolled.recognize(encoded(grace()), query)
        scores = [one["similarity"] for one in face["subjects"]]
        assert [one["subject"] for one in face["subjects"]] == ["Grace Hopper", "Eileen Collins"]
        assert scores == sorted(scores, reverse=True)
        assert scores[1] <= 0.4


def test_numbers_that_are_used_up_are_the_cut_and_nothing_more(enrolled: CompreFace) -> None:
    scores = []
    for quality in range(60, 84):
        (face,) = enrolled.recognize(encoded(grace(), quality=quality))
        assert face["subjects"][0]["subject"] == "Grace Hopper"
        scores.append(face["subjects"][0]["similarity"])
    assert scores[0] > 0.6
    assert scores[20:] == [0.6] * 4


def test_plugins_are_given_where_they_are_offered(enrolled: CompreFace) -> None:
    query = "face_plugins=landmarks,pose,calculator,age,gender,mask&status=true"
    answer = enrolled.send("POST", f"{RECOGNITION}/recognize?{query}", files=portrait())
    (face,) = answer.json()["result"]
    assert set(face) == {"box", "subjects", "landmarks", "pose", "mask"}
    assert set(face["mask"]) == {"value", "probability"}
    assert face["mask"]["value"] == "without_mask" and 0.5 < face["mask"]["probability"] <= 1
    assert [len(point) for point in face["landmarks"]] == [2] * 5
    assert all(type(x) is int for point in face["landmarks"] for x in point)
    assert set(face["pose"]) == {"pitch", "roll", "yaw"}
    assert answer.headers["Facet-Omitted"] == "age, calculator, gender"
    versions = answer.json()["plugins_versions"]
    assert set(versions) == {"detector", "landmarks", "pose", "mask"}
    assert all(isinstance(one, str) for one in versions.values())

    enrolled.key = key_for(
        enrolled.client, scopes=["recognize", "verify", "detect", "browse", "embed"]
    )
    (face,) = enrolled.recognize(encoded(grace()), "face_plugins=calculator")
    assert len(face["embedding"]) == 128


def test_detection(compreface: CompreFace) -> None:
    both = {"file": ("a.jpg", encoded(side_by_side(grace(), eileen())))}
    found = compreface.json("POST", f"{API}/detection/detect?face_plugins=landmarks", files=both)
    assert [set(face) for face in found["result"]] == [{"box", "landmarks"}] * 2
    one = compreface.json("POST", f"{API}/detection/detect?limit=1", files=both)
    assert len(one["result"]) == 1
    compreface.key = key_for(
        compreface.client, scopes=["recognize", "verify", "detect", "browse", "embed"]
    )
    query = "face_plugins=calculator&status=True"
    found = compreface.json("POST", f"{API}/detection/detect?{query}", files=portrait())
    assert len(found["result"][0]["embedding"]) == 128
    assert set(found["plugins_versions"]) == {"detector", "calculator"}


def test_two_pictures_are_compared(compreface: CompreFace) -> None:
    files = {
        "source_image": ("a.jpg", encoded(grace())),
        "target_image": ("b.jpg", encoded(side_by_side(eileen(), grace()))),
    }
    path = f"{API}/verification/verify?status=true"
    (result,) = compreface.json("POST", path, files=files)["result"]
    assert set(result) == {"source_image_face", "face_matches", "plugins_versions"}
    assert set(result["source_image_face"]) == {"box"}
    low, high = sorted(match["similarity"] for match in result["face_matches"])
    assert low <= 0.4 < 0.6 <= high
    sent = {name: base64.b64encode(image).decode() for name, (_, image) in files.items()}
    assert compreface.json("POST", path, json=sent)["result"] == [result]
    turned = {"source_image": files["target_image"], "target_image": files["source_image"]}
    assert compreface.error("POST", path, files=turned) == (400, 31)
    nobody = files | {"target_image": ("b.jpg", encoded(landscape()))}
    assert compreface.error("POST", path, files=nobody) == (400, 28)


def test_a_picture_is_compared_with_an_enrolled_one(enrolled: CompreFace) -> None:
    image = enrolled.json("GET", f"{RECOGNITION}/faces?subject=Grace Hopper")["faces"][0]
    path = f"{RECOGNITION}/faces/{image['image_id']}/verify?limit=0"
    (result,) = enrolled.json("POST", path, files=portrait())["result"]
    assert set(result) == {"box", "similarity"}
    assert result["similarity"] > 0.9
    other = {"file": ("a.jpg", encoded(eileen()))}
    assert enrolled.json("POST", path, files=other)["result"][0]["similarity"] <= 0.4
    unknown = f"{RECOGNITION}/faces/{UNKNOWN_ID}/verify"
    assert enrolled.error("POST", unknown, files=portrait()) == (404, 11)


def test_embeddings_need_their_own_scope(enrolled: CompreFace) -> None:
    bodies = {
        f"{RECOGNITION}/embeddings/recognize": {"embeddings": [[1.0] * 128]},
        f"{API}/verification/embeddings/verify": {"source": [1.0], "targets": [[1.0]]},
    }
    for path, body in bodies.items():
        assert enrolled.error("POST", path, json=body) == (403, 0)


def test_embeddings_are_decided(enrolled: CompreFace) -> None:
    enrolled.key = key_for(
        enrolled.client, scopes=["recognize", "verify", "detect", "browse", "embed"]
    )
    query = "face_plugins=calculator"
    embedding = enrolled.recognize(encoded(grace()), query)[0]["embedding"]
    opposite = [-one for one in embedding]
    path = f"{RECOGNITION}/embeddings/recognize?prediction_count=2"
    sent = {"embeddings": [embedding, opposite]}
    first, second = enrolled.json("POST", path, json=sent)["result"]
    assert first["embedding"] == embedding
    assert [one["subject"] for one in first["similarities"]] == ["Grace Hopper", "Eileen Collins"]
    assert first["similarities"][0]["similarity"] > 0.9
    assert second["similarities"][0]["similarity"] == 0.1

    image = enrolled.json("GET", f"{RECOGNITION}/faces?subject=Grace+Hopper")["faces"][0]
    path = f"{RECOGNITION}/embeddings/faces/{image['image_id']}/verify"
    scores = [one["similarity"] for one in enrolled.json("POST", path, json=sent)["result"]]
    assert scores[0] > 0.9
    assert scores[1] == 0.1

    body = {"source": embedding, "targets": [embedding, opposite]}
    path = f"{API}/verification/embeddings/verify"
    scores = [one["similarity"] for one in enrolled.json("POST", path, json=body)["result"]]
    assert scores[0] > 0.99
    assert scores[1] <= 0.4


@pytest.mark.parametrize("wrong", [[0.0] * 128, [1.0] * 127, [1e308] * 128, [], ["1"] * 128])
def test_embeddings_that_are_none_are_refused(compreface: CompreFace, wrong: Any) -> None:
    compreface.key = key_for(
        compreface.client, scopes=["recognize", "verify", "detect", "browse", "embed"]
    )
    path = f"{RECOGNITION}/embeddings/recognize"
    assert compreface.error("POST", path, json={"embeddings": [wrong]}) == (400, 26)
