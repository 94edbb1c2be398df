"""Recordings over HTTP: people who move, vanish and come back; and what is refused."""

import base64
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.api.conftest import Client, subject_id
from tests.portraits import eileen, encoded, grace, landscape
from tests.recordings import animation, beside, stills, video, walk

RECOGNIZE = "/v1/collections/staff/sequences/recognize"
ENROL = "/v1/collections/staff/sequences/enroll"


def recognized(client: Client, data: bytes, **fields: Any) -> dict[str, Any]:
    answer = client.post(RECOGNIZE, files={"video": data}, data=fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_somebody_who_walks_vanishes_and_comes_back_is_one_track(staff: Client) -> None:
    shown = walk(grace(), 24, away=range(9, 14), blurred=(4, 5, 6, 17))
    answer = recognized(staff, video(shown), rate=10)
    assert (answer["total_frames"], answer["width"], answer["height"]) == (24, 320, 240)
    assert answer["seconds"] == pytest.approx(2.3, abs=0.01)
    assert answer["analysed_frames"] == list(range(24))
    (track,) = answer["tracks"]
    assert track["decision"] == "known" and track["subject"]["name"] == "Grace Hopper"
    assert track["similarity"] >= answer["threshold"]
    numbers = [frame["frame"] for frame in track["frames"]]
    assert numbers == sorted(numbers) and not set(numbers) & set(range(9, 14))
    assert len(numbers) >= 16
    weights = {frame["frame"]: frame["weight"] for frame in track["frames"]}
    assert sum(weights.values()) == pytest.approx(1, abs=1e-4)
    assert track["best_frame"] == max(weights, key=lambda n: weights[n])
    boxes = [frame["box"]["x"] for frame in track["frames"]]
    assert boxes[-1] - boxes[0] > 80
    curve = {frame["frame"]: frame["similarity"] for frame in track["frames"]}
    soft = [curve[n] for n in (4, 5, 6, 17) if n in curve]
    clear = [curve[n] for n in curve if n not in (4, 5, 6, 17)]
    assert not soft or np.mean(soft) < np.mean(clear)


def test_a_known_and_an_unknown_person_side_by_side(staff: Client) -> None:
    assert staff.delete(
        f"/v1/collections/staff/subjects/{subject_id(staff, 'Eileen Collins')}"
    ).is_success
    both = beside(walk(grace(), 6), walk(eileen(), 6, height=220))
    answer = recognized(staff, animation(both), rate=10)
    found = {(t["decision"], t["subject"] and t["subject"]["name"]) for t in answer["tracks"]}
    assert found == {("known", "Grace Hopper"), ("unknown", None)}
    assert all(len(track["frames"]) >= 5 for track in answer["tracks"])


def test_two_people_at_once_are_never_one_subject(staff: Client) -> None:
    both = beside(walk(grace(), 3), walk(grace(), 3))
    answer = recognized(staff, animation(both), rate=10)
    assert sorted(t["decision"] for t in answer["tracks"]) == ["known", "unknown"]
    answer = recognized(staff, animation(both), rate=10, unique="false")
    assert [t["decision"] for t in answer["tracks"]] == ["known", "known"]


def test_frames_whose_faces_were_left_out_are_told(staff: Client) -> None:
    shown = [*beside(walk(grace(), 2), walk(eileen(), 2)), *walk(grace(), 1)]
    files = [("images", encoded(picture)) for picture in shown]
    answer = staff.post(RECOGNIZE, files=files, data={"max_faces": 1}).json()
    assert answer["truncated"] and answer["truncated_frames"] == [0, 1]
    answer = staff.post(RECOGNIZE, files=files, data={"min_face": 25}).json()
    assert not answer["truncated"] and answer["truncated_frames"] == []
    assert answer["min_face"] == 25


@pytest.mark.parametrize("form", ["GIF", "images", "json"])
def test_other_kinds_of_recordings(staff: Client, form: str) -> None:
    shown = walk(grace(), 4)
    if form == "GIF":
        answer = staff.post(RECOGNIZE, files={"video": animation(shown, "GIF")}, data={"rate": 10})
    elif form == "images":
        files = [("images", encoded(picture)) for picture in shown]
        answer = staff.post(RECOGNIZE, files=files)
    else:
        text = base64.b64encode(animation(shown)).decode()
        answer = staff.post(RECOGNIZE, json={"video": text, "rate": 10})
    assert answer.status_code == 200, answer.text
    (track,) = answer.json()["tracks"]
    assert track["subject"]["name"] == "Grace Hopper"
    assert len(track["frames"]) == 4
    assert (track["frames"][1]["seconds"] is None) == (form == "images")


def test_a_recording_without_people_has_no_tracks(staff: Client) -> None:
    assert recognized(staff, animation([landscape().resize((320, 240))] * 2))["tracks"] == []


def test_tracks_that_are_too_short_are_left_out(staff: Client) -> None:
    shown = animation(walk(grace(), 5, away=(0, 2, 3, 4)))
    assert len(recognized(staff, shown, rate=10)["tracks"]) == 1
    assert recognized(staff, shown, rate=10, min_frames=2)["tracks"] == []


def test_an_empty_collection_knows_nobody(client: Client) -> None:
    client.collection()
    (track,) = recognized(client, animation(walk(grace(), 2)))["tracks"]
    assert (track["decision"], track["similarity"], track["candidates"]) == ("unknown", None, [])
    assert track["frames"][0]["similarity"] is None


def test_somebody_enrolled_from_a_recording_is_recognised(client: Client) -> None:
    client.collection()
    subject = client.subject("Grace Hopper")
    shown = video(walk(grace(), 12, blurred=(2, 3)))
    fields = {"subject": subject, "rate": "10", "best_frames": "3"}
    answer = client.post(ENROL, files={"video": shown}, data=fields)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["enrolled"], answer.json()["rejected"]) == (3, 0)
    faces = [result["face"] for result in answer.json()["results"]]
    assert all(face["subject_id"] == subject and face["image_kept"] for face in faces)
    image = client.get(f"/v1/collections/staff/faces/{faces[0]['id']}/image")
    assert Image.open(io.BytesIO(image.content)).format == "JPEG"
    face = client.recognize(encoded(grace())).json()["faces"][0]
    assert face["subject"]["id"] == subject
    (track,) = recognized(client, shown, rate=10)["tracks"]
    assert track["face_id"] == faces[0]["id"], "the face that bears the template of the track"
    assert track["similarity"] == pytest.approx(1, abs=5e-3)
    receipt = client.delete(f"/v1/collections/staff/subjects/{subject}").json()
    assert (receipt["faces"], receipt["templates"], receipt["index_entries"]) == (3, 3, 3)


def test_a_repeated_enrolment_gets_the_first_answer(client: Client) -> None:
    client.collection()
    subject = client.subject("Grace Hopper")
    request = {
        "files": {"video": animation(walk(grace(), 3))},
        "data": {"subject": subject, "best_frames": "1"},
        "headers": {"Idempotency-Key": "once"},
    }
    first, second = (client.post(ENROL, **request) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert second.headers["Idempotency-Replayed"] == "true"
    assert first.json() == second.json() and client.contents() == (1, 1)
    request["data"] = {"subject": subject, "best_frames": "2"}
    assert client.post(ENROL, **request).json()["code"] == "idempotency-conflict"


def test_duplicates_are_warned_of_or_refused(staff: Client) -> None:
    other = staff.subject("Somebody else")
    shown = {"video": animation(walk(grace(), 3))}
    refused = staff.post(ENROL, files=shown, data={"subject": other, "duplicates": "reject"})
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate-face")
    warned = staff.post(ENROL, files=shown, data={"subject": other, "best_frames": "1"})
    assert warned.json()["results"][0]["duplicates"][0]["name"] == "Grace Hopper"


MB = 2**20
BAD: dict[str, tuple[int, Callable[[], bytes]]] = {
    "no-frames": (422, lambda: b""),
    "not-a-video": (422, lambda: b"%PDF-1.7 no video"),
    "damaged-video": (422, lambda: video(stills(9))[:-300]),
    "video-too-long": (413, lambda: animation(stills(3), "GIF", 65_000)),
    "too-many-frames": (413, lambda: animation(stills(10_000, (4, 4)), "GIF", 20)),
    "too-many-pixels": (413, lambda: video(stills(2, (4096, 2304)))),
    "video-too-large": (413, lambda: b"\0\0\0\x18ftypmp42" + bytes(3 * MB)),
}


@pytest.mark.parametrize("code", BAD)
@pytest.mark.parametrize("path", [RECOGNIZE, ENROL])
def test_bad_recordings_have_their_slug_and_leave_nothing(
    staff: Client, path: str, code: str
) -> None:
    status, made = BAD[code]
    data = made()
    before = staff.contents()
    fields = {"subject": subject_id(staff, "Grace Hopper")} if path == ENROL else {}
    answer = staff.post(path, files={"video": data}, data=fields)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] and staff.contents() == before


def test_other_bad_requests(staff: Client) -> None:
    image, shown = encoded(grace()), animation(walk(grace(), 1))
    both = staff.post(RECOGNIZE, files={"images": image, "video": shown})
    assert (both.status_code, both.json()["code"]) == (422, "invalid-request")
    none = staff.post(RECOGNIZE, json={})
    assert (none.status_code, none.json()["code"]) == (422, "no-frames")
    text = staff.post(RECOGNIZE, content=shown, headers={"Content-Type": "video/mp4"})
    assert (text.status_code, text.json()["code"]) == (415, "unsupported-media-type")
    many = staff.post(RECOGNIZE, files=[("images", image)] * 5)
    assert (many.status_code, many.json()["code"]) == (413, "too-many-images")
    bad = staff.post(RECOGNIZE, files=[("images", image), ("images", b"no picture")])
    assert (bad.status_code, bad.json()["code"]) == (422, "not-an-image")
    rate = staff.post(RECOGNIZE, files={"video": shown}, data={"fpir": "3"})
    assert (rate.status_code, rate.json()["code"]) == (422, "invalid-threshold")


def test_enrolment_needs_one_person(staff: Client) -> None:
    subject = subject_id(staff, "Grace Hopper")
    before = staff.contents()
    empty = animation([landscape().resize((320, 240))] * 2)
    answer = staff.post(ENROL, files={"video": empty}, data={"subject": subject})
    assert (answer.status_code, answer.json()["code"]) == (422, "no-face")
    both = animation(beside(walk(grace(), 3), walk(eileen(), 3, height=200)))
    answer = staff.post(ENROL, files={"video": both}, data={"subject": subject})
    assert (answer.status_code, answer.json()["code"]) == (422, "several-faces")
    answer = staff.post(ENROL, files={"video": both}, data={"subject": "nobody"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-subject")
    assert staff.contents() == before
