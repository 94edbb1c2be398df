"""DeepStack's routes by the requests that its clients make: SDKs, cameras, home automation."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.api.conftest import Client, new_key, running, small_settings
from tests.portraits import eileen, encoded, grace, landscape, side_by_side

FACE = "/v1/vision/face"
GRACE = encoded(grace())
PREDICTION = {"userid", "confidence", "x_min", "y_min", "x_max", "y_max"}


@pytest.fixture(scope="module")
def server_settings(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Settings:
    settings = small_settings(tmp_path_factory.mktemp("server") / "data", model_cache)
    return settings.model_copy(update={"wire_formats": ("native", "deepstack"), "job_workers": 0})


@pytest.fixture
def camera(staff: Client) -> Iterator[Client]:
    """The client of a camera: a key of one collection, sent as the password of the URL."""
    key = new_key(staff.app, "write", collection="staff")
    admin = dict(staff.headers)
    staff.headers["Authorization"] = basic("facet", key)
    yield staff
    staff.headers.update(admin)


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def ask(client: Client, path: str = "/recognize", status: int = 200, **sent: Any) -> Any:
    """The body of an answer, which has what all clients read."""
    answer = client.post(FACE + path, **sent)
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert isinstance(body["success"], bool)
    assert isinstance(body["predictions"], list)
    assert body["success"] or body["error"]
    return body


def test_two_people_and_a_stranger(camera: Client) -> None:
    ask(camera, "/delete", data={"userid": "Eileen Collins"})
    both = encoded(side_by_side(grace(), eileen()))
    # As double-take sends it: the picture first, the key behind it.
    body = ask(camera, files=[("image", ("a.jpg", both)), ("api_key", (None, "any"))])
    known = {one["userid"]: one for one in body["predictions"]}
    assert set(known) == {"Grace Hopper", "unknown"}
    assert all(set(one) == PREDICTION for one in body["predictions"])
    assert known["Grace Hopper"]["confidence"] >= 0.6
    assert known["unknown"]["confidence"] == 0
    for one in body["predictions"]:
        corners = [one[name] for name in ("x_min", "y_min", "x_max", "y_max")]
        assert all(type(corner) is int and corner >= 0 for corner in corners)
        assert one["x_min"] < one["x_max"] and one["y_min"] < one["y_max"]
    assert body["message"] == "2 faces"


def test_no_face_is_a_200_by_which_clients_know_it(camera: Client) -> None:
    body = ask(camera, files={"image": encoded(landscape())})
    assert (body["success"], body["code"]) == (False, 500)
    assert body["error"] == "No face found in image"
    body = ask(camera, "/register", files={"image": encoded(landscape())}, data={"userid": "Ada"})
    assert (body["success"], body["code"], body["error"]) == (False, 400, "No face detected")
    assert "Ada" not in ask(camera, "/list")["faces"]
    assert ask(camera, "", files={"image": encoded(landscape())})["predictions"] == []


def test_registered_in_several_pictures_and_deleted(camera: Client) -> None:
    name = "Mary Jackson (NASA)"
    turned = encoded(grace().rotate(5))
    files = {"image1": GRACE, "image2": encoded(landscape()), "image-9f3": turned}
    body = ask(camera, "/register", files=files, data={"api_key": "", "userid": name})
    assert body["success"] and body["message"].startswith("face added")
    assert [one["image"] for one in body["refused"]] == ["image2"]
    again = ask(camera, "/register", files={"image": GRACE}, data={"userid": name})
    assert again["message"] == "face updated"
    # Without files these libraries send an urlencoded form, or nothing at all.
    assert name in ask(camera, "/list", data={"api_key": ""})["faces"]
    assert name in camera.get(FACE + "/list").json()["faces"]
    assert ask(camera, "/delete", data={"api_key": "", "userid": name})["success"]
    assert name not in ask(camera, "/list")["faces"]
    assert ask(camera, "/delete", data={"userid": name})["success"], "training deletes first"


def test_thresholds_of_clients(camera: Client) -> None:
    turned = {"image": encoded(grace().rotate(3))}
    plain = ask(camera, files=turned)["predictions"][0]
    assert plain["userid"] == "Grace Hopper"
    asked = {"min_confidence": str(plain["confidence"] - 0.01)}
    assert ask(camera, files=turned, data=asked)["predictions"][0]["userid"] == "Grace Hopper"
    strict = ask(camera, files=turned, data={"min_confidence": "1"})["predictions"][0]
    assert (strict["userid"], strict["confidence"]) == ("unknown", 0)
    for habitual in ("0.4", "0.5", "0.6"):
        found = ask(camera, files=turned, data={"min_confidence": habitual})["predictions"]
        assert found == [plain], "the collection's own threshold"
    lax = ask(camera, files={"image": GRACE}, data={"min_confidence": "0.2"})
    assert lax["predictions"][0]["confidence"] >= 0.6


def test_pictures_that_match(camera: Client) -> None:
    same = {"image1": GRACE, "image2": encoded(grace().rotate(4))}
    assert ask(camera, "/match", files=same)["similarity"] >= 0.6
    two = {"image1": GRACE, "image2": encoded(eileen())}
    assert ask(camera, "/match", files=two)["similarity"] < 0.4
    ask(camera, "/match", 400, files={"image1": GRACE})


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("/recognize", {"files": {"image": b"no picture"}}, 400),
        ("/recognize", {"files": {"image": b""}}, 400),
        ("/recognize", {"files": {"image1": GRACE, "image2": GRACE}}, 413),
        ("/recognize", {"data": {"api_key": ""}}, 415),
        ("/recognize", {"json": {"image": ""}}, 415),
        ("/recognize", {"files": {"image": GRACE}, "data": {"min_confidence": "nan"}}, 400),
        ("/recognize", {"files": {"image": GRACE}, "data": {"min_confidence": "60"}}, 400),
        ("/register", {"files": {"image": GRACE}}, 400),
        ("/register", {"files": {"image": GRACE}, "data": {"userid": "unknown"}}, 400),
        ("/register", {"files": {"image": GRACE}, "data": {"userid": "x" * 5000}}, 400),
        ("/register", {"files": {f"image{n}": GRACE for n in range(5)}}, 413),
        ("/delete", {"data": {}}, 400),
        ("/delete", {"data": {f"x{n}": "" for n in range(30)}}, 400),
        ("/delete", {"content": b"x" * 500_000}, 413),
        ("/elsewhere", {}, 404),
    ],
)
def test_wrong_requests_are_told_in_its_shape(
    camera: Client, path: str, sent: dict[str, Any], status: int
) -> None:
    body = ask(camera, path, status, **sent)
    assert (body["success"], body["code"]) == (False, status)
    assert body["reason"] and body["request_id"]


@pytest.mark.parametrize("path", ["/list/", "//list", "/list//"])
def test_slashes_too_many_are_passed_over(camera: Client, path: str) -> None:
    assert sorted(ask(camera, path)["faces"]) == ["Eileen Collins", "Grace Hopper"]


def test_wrong_methods_are(camera: Client) -> None:
    answer = camera.get(FACE + "/recognize")
    assert (answer.status_code, answer.json()["success"]) == (405, False)


def test_a_key_in_every_place_but_the_form(staff: Client) -> None:
    key = new_key(staff.app, "read", collection="staff")
    del staff.headers["Authorization"]
    picture = {"image": GRACE}
    for headers in (
        {"Authorization": f"Bearer {key}"},
        {"Authorization": basic("facet", key)},
        {"Authorization": basic(key, "")},
        {"X-Api-Key": key},
    ):
        assert ask(staff, files=picture, headers=headers)["success"]
    assert ask(staff, f"/recognize?api_key={key}", files=picture)["success"]
    in_form = ask(staff, status=401, files=picture, data={"api_key": key})
    assert "http://facet:KEY@host:port" in in_form["error"]
    wrong = ask(staff, status=401, files=picture, headers={"X-Api-Key": "facet_x_y"})
    assert wrong["reason"] == "invalid-key"
    denied = {"files": picture, "data": {"userid": "Ada"}, "headers": {"X-Api-Key": key}}
    assert ask(staff, "/register", 403, **denied)["reason"] == "insufficient-scope"


def test_a_key_of_no_collection_needs_one_named(staff: Client) -> None:
    assert ask(staff, status=403, files={"image": GRACE})["reason"] == "insufficient-scope"
    staff.app.edge.settings.deepstack_collection = "staff"
    try:
        assert ask(staff, files={"image": GRACE})["predictions"][0]["userid"] == "Grace Hopper"
    finally:
        staff.app.edge.settings.deepstack_collection = ""


def test_a_network_of_programs_that_send_no_key(server_settings: Settings, tmp_path: Path) -> None:
    settings = server_settings.model_copy(update={"data_dir": tmp_path / "data"})
    with running(settings) as client:
        client.collection()
        key = new_key(client.app, "write", collection="staff")
        settings.deepstack_key = type(settings.deepstack_key)(key)
        del client.headers["Authorization"]
        assert ask(client, "/list")["faces"] == []
        page = {"Origin": "https://page.example"}
        assert ask(client, "/list", 401, headers=page)["reason"] == "missing-key"
        assert client.get(FACE + "/list").status_code == 401
        assert client.get("/v1/collections").status_code == 401
        sent = {"X-Api-Key": "facet_0_0"}
        assert ask(client, "/list", 401, headers=sent)["reason"] == "invalid-key"


def test_one_gallery_for_all_formats(camera: Client) -> None:
    admin = {"Authorization": f"Bearer {new_key(camera.app, 'admin')}"}
    native = camera.get("/v1/collections/staff/subjects", headers=admin).json()["items"]
    assert {one["name"] for one in native} == set(ask(camera, "/list")["faces"])
    ask(camera, "/delete", data={"userid": "Grace Hopper"})
    native = camera.get("/v1/collections/staff/subjects", headers=admin).json()["items"]
    assert [one["name"] for one in native] == ["Eileen Collins"]
    assert FACE not in str(camera.get("/openapi.json").json()["paths"])


def test_the_policy_of_the_collection_holds(camera: Client) -> None:
    turned = {"image": encoded(grace().rotate(3))}
    place = "/v1/collections/staff"
    admin = {"Authorization": f"Bearer {new_key(camera.app, 'admin')}"}
    for policy in ({"own_thresholds": False}, {"max_fpir": 0.001}):
        changed = camera.patch(place, json={"policy": policy}, headers=admin)
        assert changed.status_code == 200, changed.text
        for sent in ({}, {"min_confidence": "0.4"}, {"min_confidence": "0.6"}):
            found = ask(camera, files=turned, data=sent)["predictions"]
            assert [one["userid"] for one in found] == ["Grace Hopper"]
            assert found[0]["confidence"] >= 0.6
