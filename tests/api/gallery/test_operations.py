"""Moving faces, merging, listing and undoing over HTTP and on the command line."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.settings import Settings
from tests.api.conftest import Client, new_key, subject_id
from tests.portraits import eileen, encoded

HERE = "/v1/collections/staff"


def faces_of(client: Client, name: str) -> list[int]:
    found = client.get(f"{HERE}/faces", params={"subject": subject_id(client, name)}).json()
    return [item["id"] for item in found["items"]]


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_a_face_goes_to_another_subject_and_back(staff: Client) -> None:
    grace, eileen_id = (subject_id(staff, name) for name in ("Grace Hopper", "Eileen Collins"))
    face = faces_of(staff, "Grace Hopper")
    moved = staff.post(f"{HERE}/faces/move", json={"face_ids": face, "subject_id": eileen_id})
    assert moved.status_code == 200 and moved.json()["moved"] == 1
    assert moved.json()["subject"]["faces"] == 2
    operation = moved.json()["operation_id"]
    listed = staff.get(f"{HERE}/operations").json()["items"]
    assert [(item["id"], item["kind"]) for item in listed] == [(operation, "move")]
    assert listed[0]["faces"] == {str(face[0]): grace}
    undone = staff.post(f"{HERE}/operations/{operation}/undo").json()
    assert undone["moved"] == 1 and faces_of(staff, "Grace Hopper") == face
    refused(staff.post(f"{HERE}/operations/{operation}/undo"), 409, "operation-undone")


def test_a_merge_is_undone_and_an_erased_face_is_not_brought_back(staff: Client) -> None:
    grace, eileen_id = (subject_id(staff, name) for name in ("Grace Hopper", "Eileen Collins"))
    merged = staff.post(f"{HERE}/subjects/{grace}/merge", json={"subject_id": eileen_id}).json()
    assert (merged["faces"], merged["id"]) == (2, grace)
    found = staff.recognize(encoded(eileen())).json()["faces"][0]
    assert found["subject"]["name"] == "Grace Hopper"
    answer = staff.post(f"{HERE}/operations/{merged['operation_id']}/undo")
    assert answer.json()["restored_subject_id"] == eileen_id
    found = staff.recognize(encoded(eileen())).json()["faces"][0]
    assert found["subject"]["name"] == "Eileen Collins"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"face_ids": [], "new_subject": "X"}, 422, "invalid-request"),
        ({"face_ids": [1]}, 422, "invalid-request"),
        ({"face_ids": [1], "new_subject": "X", "subject_id": "y"}, 422, "invalid-request"),
        ({"face_ids": [0], "new_subject": "X"}, 422, "invalid-request"),
        ({"face_ids": [2**63], "new_subject": "X"}, 422, "invalid-request"),
        ({"face_ids": ["1"], "new_subject": "X"}, 422, "invalid-request"),
        ({"face_ids": list(range(1, 1002)), "new_subject": "X"}, 422, "invalid-request"),
        ({"face_ids": [2**63 - 1], "new_subject": "X"}, 404, "unknown-face"),
        ({"face_ids": [1], "new_subject": "\x07"}, 422, "invalid-request"),
        ({"face_ids": [1], "new_subject": "Grace Hopper"}, 409, "duplicate-subject"),
        ({"face_ids": [1], "subject_id": "nobody"}, 404, "unknown-subject"),
    ],
)
def test_wrong_moves_are_refused(
    staff: Client, body: dict[str, Any], status: int, code: str
) -> None:
    refused(staff.post(f"{HERE}/faces/move", json=body), status, code)
    assert staff.contents() == (2, 2)


def test_who_may(staff: Client) -> None:
    body = {"face_ids": faces_of(staff, "Grace Hopper"), "new_subject": "Somebody"}
    operation = staff.post(f"{HERE}/faces/move", json=body).json()["operation_id"]
    staff.headers["Authorization"] = f"Bearer {new_key(staff.app, 'read')}"
    assert staff.get(f"{HERE}/operations").status_code == 200
    refused(staff.post(f"{HERE}/faces/move", json=body), 403, "insufficient-scope")
    refused(staff.post(f"{HERE}/operations/{operation}/undo"), 403, "insufficient-scope")


def test_on_the_command_line(
    staff: Client, server_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACET_DATA_DIR", str(server_settings.data_dir))

    def facet(*words: str, status: int = 0) -> Any:
        done = CliRunner().invoke(app, [*words, "-c", "staff", "--json"])
        assert done.exit_code == status, done.output
        return json.loads(done.stdout)

    merged = facet("subjects", "merge", "Eileen Collins", "--into", "Grace Hopper")
    assert merged["faces"] == 2
    listed = facet("operations", "list")["operations"]
    assert [item["absorbed_subject"] for item in listed] == ["Eileen Collins"]
    assert facet("operations", "undo", merged["operation_id"])["moved"] == 1
    face = str(faces_of(staff, "Eileen Collins")[0])
    assert facet("subjects", "move-faces", face, "--to", "Grace Hopper")["subject"]["faces"] == 2
    assert facet("subjects", "move-faces", face, "--new", "Somebody")["moved"] == 1
    error = facet("operations", "undo", "nothing", status=2)["error"]
    assert error["code"] == "unknown-operation"
