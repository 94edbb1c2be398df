"""Verification, recognition, detection and embedding over HTTP."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from tests.api.conftest import Client, subject_id
from tests.defaults import ENCODER
from tests.portraits import eileen, encoded, grace, landscape, side_by_side


def test_two_images_of_one_person_match_and_of_two_do_not(client: Client) -> None:
    files = {"reference": encoded(grace()), "probe": encoded(grace(), quality=20)}
    same = client.post("/v1/verify", files=files).json()
    assert same["match"] and same["similarity"] >= same["threshold"]
    assert same["threshold_fmr"] == pytest.approx(1e-3)
    files["probe"] = encoded(eileen())
    other = client.post("/v1/verify", files=files).json()
    assert not other["match"] and other["fmr"] > 1e-3


def test_a_stricter_rate_raises_the_threshold(client: Client) -> None:
    files = {"reference": encoded(grace()), "probe": encoded(grace())}
    thresholds = [
        client.post("/v1/verify", files=files, data={"fmr": rate}).json()["threshold"]
        for rate in (1e-2, 1e-4, 1e-6)
    ]
    assert thresholds == sorted(set(thresholds))


def test_json_with_base64_means_the_same_as_multipart(staff: Client) -> None:
    image = encoded(grace())
    text = base64.b64encode(image).decode()
    path = "/v1/collections/staff/recognize"
    by_form = staff.post(path, files={"image": image}, data={"candidates": "1"}).json()
    by_json = staff.post(path, json={"image": text, "candidates": 1}).json()
    by_url = staff.post(
        path, json={"image": f"data:image/jpeg;base64,{text}", "candidates": 1}
    ).json()
    assert by_form == by_json == by_url


def test_a_claim_is_accepted_or_not(staff: Client) -> None:
    path = f"/v1/collections/staff/subjects/{subject_id(staff, 'Grace Hopper')}/verify"
    right = staff.post(path, files={"image": encoded(grace(), quality=30)}).json()
    assert right["match"] and right["subject"]["name"] == "Grace Hopper" and right["face_id"] >= 1
    wrong = staff.post(path, files={"image": encoded(eileen())}).json()
    assert not wrong["match"]


def test_only_named_subjects_are_looked_for(staff: Client) -> None:
    graces, eileens = (subject_id(staff, name) for name in ("Grace Hopper", "Eileen Collins"))
    path = "/v1/collections/staff/recognize"
    image = encoded(side_by_side(grace(), eileen()))
    answer = staff.post(path, files={"image": image}, data={"subjects": [eileens]}).json()
    assert answer["subjects"] == 1, "the threshold is that of one subject"
    assert {face["decision"] for face in answer["faces"]} == {"known", "unknown"}
    named = {c["subject"]["id"] for face in answer["faces"] for c in face["candidates"]}
    assert named == {eileens}
    both = staff.post(path, files={"image": image}, data={"subjects": [eileens, graces]}).json()
    everybody = staff.recognize(image).json()
    assert both["threshold"] == everybody["threshold"]
    assert [face["subject"] for face in both["faces"]] == [
        face["subject"] for face in everybody["faces"]
    ]
    nobody = staff.post(path, files={"image": image}, data={"subjects": ["nobody"]})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "unknown-subject")


def test_only_subjects_with_the_metadata_are_looked_for(staff: Client) -> None:
    graces, eileens = (subject_id(staff, name) for name in ("Grace Hopper", "Eileen Collins"))
    subjects, path = "/v1/collections/staff/subjects", "/v1/collections/staff/recognize"
    for subject, metadata in (
        (graces, {"department": "navy", "floor": 3}),
        (eileens, {"department": "air force", "floor": 3}),
    ):
        assert staff.patch(f"{subjects}/{subject}", json={"metadata": metadata}).is_success
    image = encoded(side_by_side(grace(), eileen()))

    def found(where: Any, **more: Any) -> tuple[int, set[str]]:
        form = staff.post(path, files={"image": image}, data={"where": json.dumps(where), **more})
        body = {"image": base64.b64encode(image).decode(), "where": where, **more}
        answer = staff.post(path, json=body).json()
        assert form.json()["faces"] == answer["faces"]
        named = {c["subject"]["id"] for face in answer["faces"] for c in face["candidates"]}
        return answer["subjects"], named

    assert found({"department": "navy"}) == (1, {graces})
    assert found({"floor": 3}) == (2, {graces, eileens})
    assert found({"floor": 3, "department": "air force"}) == (1, {eileens})
    assert found({"floor": "3"}) == found({"rank": None}) == (0, set())
    assert found({"floor": 3}, subjects=[graces]) == (1, {graces})
    recording = "/v1/collections/staff/sequences/recognize"
    for chosen in ({"where": '{"department": "navy"}'}, {"subjects": [graces]}):
        answer = staff.post(recording, files={"images": image}, data=chosen).json()
        assert answer["subjects"] == 1
        named = {c["subject"]["id"] for track in answer["tracks"] for c in track["candidates"]}
        assert named == {graces}


@pytest.mark.parametrize(
    "where",
    [
        "department=sales",
        "[1]",
        '{"a": ["sales"]}',
        '{"a": {"b": 1}}',
        '{"a": 1e999}',
        '{"a": 9007199254740993}',
        '{"a": "nul\\u0000"}',
        json.dumps({str(n): n for n in range(9)}),
        json.dumps({"a": "x" * 501}),
        json.dumps({"k" * 501: 1}),
        "[" * 100_000,
    ],
)
def test_conditions_that_are_refused(staff: Client, where: str) -> None:
    path = "/v1/collections/staff/recognize"
    answer = staff.post(path, files={"image": encoded(grace())}, data={"where": where})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert answer.json()["errors"]


def test_every_face_of_an_image_is_recognised(staff: Client) -> None:
    both = encoded(side_by_side(grace(), eileen()))
    answer = staff.recognize(both).json()
    assert answer["subjects"] == 2
    found = {face["subject"]["name"]: face for face in answer["faces"]}
    assert set(found) == {"Grace Hopper", "Eileen Collins"}
    for face in found.values():
        assert face["decision"] == "known"
        assert face["similarity"] >= answer["threshold"]
        assert face["similarity"] == round(face["similarity"], 3)
        assert face["fmr"] == float(f"{face['fmr']:.0e}")
        best, other = face["candidates"]
        assert (best["similarity"], best["fmr"]) == (face["similarity"], face["fmr"])
        assert (other["similarity"], other["fmr"], face["margin"]) == (None, None, None)


def test_one_person_twice_in_a_picture_is_known_once_unless_allowed(staff: Client) -> None:
    twins = encoded(side_by_side(grace(), grace()))
    decisions = [face["decision"] for face in staff.recognize(twins).json()["faces"]]
    assert sorted(decisions) == ["known", "unknown"]
    allowed = staff.recognize(twins, unique="false").json()["faces"]
    assert [face["decision"] for face in allowed] == ["known", "known"]


def test_somebody_who_is_not_enrolled_is_unknown(client: Client) -> None:
    client.collection()
    empty = client.recognize(encoded(grace())).json()["faces"][0]
    assert (empty["decision"], empty["subject"], empty["similarity"]) == ("unknown", None, None)
    client.enrol(client.subject("Grace"), encoded(grace()))
    face = client.recognize(encoded(eileen())).json()["faces"][0]
    assert (face["decision"], face["subject"]) == ("unknown", None)
    assert face["candidates"][0]["subject"]["name"] == "Grace"


def test_a_picture_of_nobody_has_no_faces(staff: Client) -> None:
    assert staff.recognize(encoded(landscape())).json()["faces"] == []
    assert staff.post("/v1/detect", files={"image": encoded(landscape())}).json()["faces"] == []


def test_detection_tells_where_and_how_good(client: Client) -> None:
    answer = client.post("/v1/detect", files={"image": encoded(grace())}).json()
    assert (answer["width"], answer["height"]) == grace().size
    (face,) = answer["faces"]
    box = face["box"]
    assert 150 < box["x"] + box["width"] / 2 < 350
    assert len(face["landmarks"]) == 5 and face["quality"]["score"] > 0.5
    assert abs(face["pose"]["roll"]) < 15


def test_embeddings_are_unit_vectors_of_the_named_encoder(client: Client) -> None:
    answer = client.post("/v1/embed", files={"image": encoded(grace())}).json()
    assert answer["encoder"] == ENCODER
    embedding = np.asarray(answer["faces"][0]["embedding"])
    assert embedding.shape == (128,)
    assert np.linalg.norm(embedding) == pytest.approx(1, abs=1e-5)


def test_answers_say_what_was_looked_for_and_whether_faces_were_left_out(staff: Client) -> None:
    both = encoded(side_by_side(grace(), eileen()))
    one = {"max_faces": "1", "min_face": "30"}
    for path in ("/v1/detect", "/v1/embed", "/v1/collections/staff/recognize"):
        files = {"image": both}
        answer = staff.post(path, files=files).json()
        assert (answer["min_face"], answer["truncated"], len(answer["faces"])) == (20, False, 2)
        answer = staff.post(path, files=files, data=one).json()
        assert (answer["min_face"], answer["truncated"], len(answer["faces"])) == (30, True, 1)
    files = {"reference": encoded(grace()), "probe": both}
    answer = staff.post("/v1/verify", files=files, data=one).json()
    assert [answer[side]["truncated"] for side in ("reference", "probe")] == [False, True]
    assert [answer[side]["min_face"] for side in ("reference", "probe")] == [30, 30]


def test_who_finds_no_face_hears_what_was_looked_for(client: Client) -> None:
    files = {"reference": encoded(landscape()), "probe": encoded(grace())}
    answer = client.post("/v1/verify", files=files, data={"min_face": "77"})
    assert (answer.status_code, answer.json()["code"]) == (422, "no-face")
    assert "77 pixels" in answer.json()["detail"] and answer.json()["min_face"] == 77


def test_a_turned_picture_is_read_when_asked(client: Client) -> None:
    turned = encoded(grace().rotate(90, expand=True))
    assert client.post("/v1/detect", files={"image": turned}).json()["faces"] == []
    answer = client.post("/v1/detect", files={"image": turned}, data={"rotations": "true"}).json()
    assert answer["rotation"] == 90 and len(answer["faces"]) == 1


def test_health_readiness_and_metrics_need_no_key(staff: Client) -> None:
    del staff.headers["Authorization"]
    assert staff.get("/healthz").json() == {"status": "ok"}
    assert staff.get("/readyz").json()["ready"] is True
    text = staff.get("/metrics").text
    assert 'facet_faces{collection="staff"} 2.0' in text
    for name in ("facet_requests_total", "facet_request_seconds", "facet_queue_depth"):
        assert name in text
    assert 'route="/v1/collections/{collection}/subjects/{subject}/faces"' in text
    for stage in ("decode", "detect", "encode", "search", "store"):
        assert f'facet_stage_seconds_count{{stage="{stage}"}}' in text
