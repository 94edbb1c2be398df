"""Collections, subjects and faces over HTTP."""

import time

from tests.api.conftest import Client, subject_id
from tests.defaults import ENCODER
from tests.portraits import eileen, encoded, grace


def test_a_collection_is_made_renamed_and_listed(client: Client) -> None:
    made = client.collection("staff", metadata={"site": "north"})
    assert made["encoder"] == ENCODER
    renamed = client.patch("/v1/collections/staff", json={"name": "people"})
    assert renamed.json()["name"] == "people"
    assert renamed.json()["metadata"] == {"site": "north"}
    assert client.get("/v1/collections/staff").json()["code"] == "unknown-collection"
    listed = client.get("/v1/collections").json()
    assert [item["name"] for item in listed["items"]] == ["people"]


def test_lists_are_paged_by_cursor(client: Client) -> None:
    client.collection()
    names = [f"person {n}" for n in range(7)]
    for name in names:
        client.subject(name)
        time.sleep(0.002)  # ids sort by milliseconds
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        path = "/v1/collections/staff/subjects"
        answer = client.get(path, params={"limit": 3, **cursor}).json()
        seen += [item["name"] for item in answer["items"]]
        if answer["next_cursor"] is None:
            break
        cursor = {"cursor": answer["next_cursor"]}
    assert seen == names


def test_subjects_are_changed_and_found_by_prefix(staff: Client) -> None:
    grace_id = subject_id(staff, "Grace Hopper")
    path = f"/v1/collections/staff/subjects/{grace_id}"
    changed = staff.patch(path, json={"external_id": "007", "metadata": {"rank": "RDML"}}).json()
    assert (changed["name"], changed["external_id"]) == ("Grace Hopper", "007")
    assert staff.get(path).json()["metadata"] == {"rank": "RDML"}
    found = staff.get("/v1/collections/staff/subjects", params={"name_prefix": "Gra"}).json()
    assert [item["id"] for item in found["items"]] == [grace_id]


def test_merging_moves_faces_and_removes_the_emptied_subject(staff: Client) -> None:
    double = staff.subject("G. Hopper")
    assert staff.enrol(double, encoded(grace(), quality=60)).status_code == 201
    grace_id = subject_id(staff, "Grace Hopper")
    merged = staff.post(
        f"/v1/collections/staff/subjects/{grace_id}/merge", json={"subject_id": double}
    ).json()
    assert merged["faces"] == 2
    gone = staff.get(f"/v1/collections/staff/subjects/{double}")
    assert gone.json()["code"] == "unknown-subject"
    face = staff.recognize(encoded(grace())).json()["faces"][0]
    assert face["subject"]["id"] == grace_id


def test_faces_are_listed_and_their_images_kept(staff: Client) -> None:
    grace_id = subject_id(staff, "Grace Hopper")
    faces = staff.get("/v1/collections/staff/faces", params={"subject": grace_id}).json()["items"]
    assert len(faces) == 1 and faces[0]["image_kept"]
    assert "template" not in faces[0] and "embedding" not in faces[0]
    image = staff.get(f"/v1/collections/staff/faces/{faces[0]['id']}/image")
    assert image.headers["content-type"] == "image/jpeg"
    # The kept picture still shows the person.
    assert staff.recognize(image.content).json()["faces"][0]["subject"]["id"] == grace_id


def test_a_collection_that_keeps_no_images_has_none(client: Client) -> None:
    client.collection(keep_images=False)
    face = client.enrol(client.subject("Grace"), encoded(grace())).json()["results"][0]["face"]
    assert not face["image_kept"]
    answer = client.get(f"/v1/collections/staff/faces/{face['id']}/image")
    assert (answer.status_code, answer.json()["code"]) == (404, "image-not-kept")


def test_many_images_get_one_answer_each(client: Client) -> None:
    client.collection()
    answer = client.enrol(
        client.subject("Grace"), encoded(grace()), b"not an image", encoded(grace(), "PNG")
    )
    assert answer.status_code == 201
    body = answer.json()
    assert (body["enrolled"], body["rejected"]) == (2, 1)
    assert [result["status"] for result in body["results"]] == ["enrolled", "rejected", "enrolled"]
    assert body["results"][1]["error"]["code"] == "not-an-image"
    assert client.contents() == (1, 2)


def test_a_look_alike_is_reported_or_refused(staff: Client) -> None:
    other = staff.subject("Somebody else")
    warned = staff.enrol(other, encoded(eileen(), quality=70)).json()["results"][0]
    assert warned["duplicates"][0]["name"] == "Eileen Collins"
    refused = staff.enrol(
        staff.subject("A third"), encoded(eileen(), quality=60), data={"duplicates": "reject"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate-face")


def test_an_idempotency_key_makes_a_repeated_enrolment_harmless(client: Client) -> None:
    client.collection()
    subject = client.subject("Grace")
    headers = {"Idempotency-Key": "order-66"}
    first = client.enrol(subject, encoded(grace()), headers=headers)
    again = client.enrol(subject, encoded(grace()), headers=headers)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert client.contents() == (1, 1)
    other = client.enrol(subject, encoded(eileen()), headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-conflict")


def test_models_are_listed_and_shown(client: Client) -> None:
    models = client.get("/v1/models").json()["models"]
    defaults = {model["task"]: model["key"] for model in models if model["default"]}
    assert defaults["detect-faces"] == "facet-detector@1"
    assert defaults["encode-faces"] == ENCODER
    card = client.get("/v1/models/facenet-resnet29@1").json()
    assert card["curve"]["points"] and card["limits"] and card["commercial_use"] is True
    # Three of the 22,277,279 comparisons behind it: what none of so many has shown.
    assert card["supported_fmr"] == 2e-07
    assert client.get("/v1/models/facet-detector@1").json()["supported_fmr"] is None
    assert client.get("/v1/models/nothing").json()["code"] == "unknown-model"
