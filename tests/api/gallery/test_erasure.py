"""Erasure leaves nothing behind, gives a receipt, and can be tried first."""

from pathlib import Path

import numpy as np

from app.settings import Settings
from tests.api.conftest import Client, running, subject_id
from tests.portraits import eileen, encoded

NAME = "Eileen Collins"


def _files(settings: Settings) -> list[Path]:
    return [path for path in settings.data_dir.rglob("*") if path.is_file()]


def _embedding(client: Client) -> bytes:
    """A run of the template's bytes, as they would stand in a file without a rotation."""
    answer = client.post("/v1/embed", files={"image": encoded(eileen())}).json()
    return np.asarray(answer["faces"][0]["embedding"], "<f4").tobytes()[:64]


def _stored(client: Client, face_id: int) -> bytes:
    """A run of the template's bytes as its row has them."""
    with client.app.edge.use_cases.faces._storage.read() as uow:
        _, templates = uow.faces.stored([face_id])
    return np.asarray(templates[0], "<f4").tobytes()[:64]


def test_no_byte_of_an_erased_subject_is_left_in_any_file(
    staff: Client, server_settings: Settings
) -> None:
    plain = _embedding(staff)
    eileen_id = subject_id(staff, NAME)
    face = staff.get("/v1/collections/staff/faces", params={"subject": eileen_id}).json()["items"][
        0
    ]
    kept = staff.get(f"/v1/collections/staff/faces/{face['id']}/image").content
    digest = staff.app.edge.use_cases.faces.get("staff", face["id"]).image_digest
    stored = staff.app.edge.use_cases.faces._pictures._files.get(digest)
    traces = (_stored(staff, face["id"]), stored, NAME.encode())
    before = [path.read_bytes() for path in _files(server_settings)]
    assert all(any(trace in data for data in before) for trace in traces)
    assert not any(kept[:64] in data for data in before), "it is kept encrypted"
    assert not any(plain in data for data in before), "it is kept under a rotation"

    receipt = staff.delete(f"/v1/collections/staff/subjects/{eileen_id}").json()
    assert (receipt["erased"], receipt["id"]) == ("subject", eileen_id)
    assert (receipt["subjects"], receipt["faces"], receipt["templates"]) == (1, 1, 1)
    assert (receipt["images"], receipt["index_entries"]) == (1, 1)

    after = [path.read_bytes() for path in _files(server_settings)]
    assert not any(trace in data for trace in traces for data in after)
    found = staff.recognize(encoded(eileen())).json()["faces"][0]
    assert found["decision"] == "unknown"
    assert all(c["subject"]["id"] != eileen_id for c in found["candidates"])


def test_a_dry_run_tells_and_does_nothing(staff: Client) -> None:
    before = staff.contents()
    answer = staff.delete("/v1/collections/staff", params={"dry_run": "true"}).json()
    assert answer["dry_run"] and (answer["subjects"], answer["faces"]) == (2, 2)
    assert staff.contents() == before


def test_a_face_is_erased_alone(staff: Client) -> None:
    eileen_id = subject_id(staff, NAME)
    staff.enrol(eileen_id, encoded(eileen(), quality=50))
    faces = staff.get("/v1/collections/staff/faces", params={"subject": eileen_id}).json()["items"]
    receipt = staff.delete(f"/v1/collections/staff/faces/{faces[0]['id']}").json()
    assert (receipt["faces"], receipt["images"]) == (1, 1)
    gone = staff.get(f"/v1/collections/staff/faces/{faces[0]['id']}")
    assert gone.json()["code"] == "unknown-face"
    found = staff.recognize(encoded(eileen())).json()["faces"][0]
    assert found["face_id"] == faces[1]["id"]


def test_an_image_enrolled_twice_goes_with_its_last_face(staff: Client) -> None:
    eileen_id = subject_id(staff, NAME)
    staff.enrol(eileen_id, encoded(eileen()), data={"allow_repeats": "true"})
    faces = staff.get("/v1/collections/staff/faces", params={"subject": eileen_id}).json()["items"]
    first, second = (f"/v1/collections/staff/faces/{face['id']}" for face in faces)
    assert staff.delete(first).json()["images"] == 0
    assert staff.get(f"{second}/image").status_code == 200
    assert staff.delete(second).json()["images"] == 1


def test_a_collection_goes_with_all_that_is_in_it(staff: Client, server_settings: Settings) -> None:
    receipt = staff.delete("/v1/collections/staff").json()
    assert (receipt["subjects"], receipt["faces"], receipt["images"]) == (2, 2, 2)
    assert staff.get("/v1/collections/staff").status_code == 404
    assert not [path for path in _files(server_settings) if "images" in path.parts]
    assert not any(NAME.encode() in path.read_bytes() for path in _files(server_settings))


def test_stored_answers_of_an_erased_face_go_too(staff: Client) -> None:
    eileen_id = subject_id(staff, NAME)
    headers = {"Idempotency-Key": "once"}
    made = staff.enrol(eileen_id, encoded(eileen(), quality=40), headers=headers).json()
    face = made["results"][0]["face"]["id"]
    receipt = staff.delete(f"/v1/collections/staff/faces/{face}").json()
    assert receipt["idempotency_records"] == 1
    # The key is free again: a repetition enrols anew instead of speaking of an erased face.
    again = staff.enrol(eileen_id, encoded(eileen(), quality=40), headers=headers).json()
    assert again["results"][0]["face"]["id"] != face


def test_a_file_left_by_a_crash_is_swept_up_at_start(settings: Settings) -> None:
    with running(settings) as client:
        client.collection()
    orphan = client.app.edge.use_cases.faces._pictures._files.put(b"left behind")
    with running(settings) as client:
        assert client.app.edge.use_cases.faces._pictures._files.get(orphan) is None
