"""Keys: missing, wrong, expired, revoked, out of scope, bound to another collection."""

from datetime import timedelta
from typing import Any

import pytest

from app.settings import Settings
from tests.api.conftest import Client, new_key, running, subject_id
from tests.portraits import eileen, encoded, grace


def _with(client: Client, token: str | None) -> None:
    client.headers.pop("Authorization", None)
    if token is not None:
        client.headers["Authorization"] = f"Bearer {token}"


def _code(client: Client, method: str = "GET", path: str = "/v1/collections", **more: Any) -> str:
    answer = client.request(method, path, **more)
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
    return str(answer.json().get("code", ""))


def test_without_a_key_nothing_under_v1_answers(client: Client) -> None:
    _with(client, None)
    paths = client.get("/openapi.json").json()["paths"]
    tried = 0
    for path, methods in paths.items():
        if path.startswith("/v1/"):
            for method in methods:
                filled = path.replace("{face}", "1").replace("{", "").replace("}", "")
                assert _code(client, method.upper(), filled) == "missing-key", (method, path)
                tried += 1
    assert tried >= 20


@pytest.mark.parametrize(
    "token", ["nonsense", "facet_", "facet_0123456789abcdef_wrong", "facet_a_b_c"]
)
def test_a_wrong_key_is_refused(client: Client, token: str) -> None:
    client.headers["Authorization"] = f"Bearer {token}"
    assert _code(client) == "invalid-key"


def test_a_right_id_with_a_wrong_secret_is_refused(client: Client) -> None:
    token = new_key(client.app, "read")
    _with(client, token[:-4] + "AAAA")
    assert _code(client) == "invalid-key"


def test_an_expired_key_says_so(client: Client) -> None:
    _with(client, new_key(client.app, "read", lifetime=timedelta(seconds=-1)))
    assert _code(client) == "expired-key"


def test_a_revoked_key_is_refused_at_once(client: Client) -> None:
    token = new_key(client.app, "read")
    _with(client, token)
    assert client.get("/v1/collections").status_code == 200
    client.app.edge.use_cases.keys.revoke(token.split("_")[1])
    assert _code(client) == "invalid-key"


def test_scopes_are_kept(staff: Client) -> None:
    subjects = "/v1/collections/staff/subjects"
    _with(staff, new_key(staff.app, "read"))
    assert staff.recognize(encoded(grace())).status_code == 200
    assert _code(staff, "POST", subjects, json={"name": "x"}) == "insufficient-scope"
    _with(staff, new_key(staff.app, "write"))
    assert staff.post(subjects, json={"name": "x"}).status_code == 201
    assert _code(staff, "DELETE", "/v1/collections/staff") == "insufficient-scope"
    assert _code(staff, "POST", "/v1/collections", json={"name": "y"}) == "insufficient-scope"


def test_embeddings_need_a_scope_of_their_own(staff: Client) -> None:
    def embed() -> int:
        return int(staff.post("/v1/embed", files={"image": encoded(grace())}).status_code)

    for scopes, expected in (("read", 403), ("write", 403), ("embed", 200), ("admin", 200)):
        _with(staff, new_key(staff.app, scopes))
        assert embed() == expected, scopes
    _with(staff, new_key(staff.app, "embed"))
    assert staff.recognize(encoded(grace())).json()["code"] == "insufficient-scope"
    _with(staff, new_key(staff.app, ["embed", "read"]))
    assert embed() == staff.recognize(encoded(grace())).status_code == 200


def test_pictures_of_faces_are_not_for_everybody_who_reads(staff: Client) -> None:
    face = staff.get("/v1/collections/staff/faces").json()["items"][0]["id"]
    path = f"/v1/collections/staff/faces/{face}/image"
    _with(staff, new_key(staff.app, "read"))
    refused = staff.get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient-scope")
    assert refused.json()["hint"].endswith("--scope browse")
    assert staff.get(f"/v1/collections/staff/faces/{face}").status_code == 200
    for scope in ("browse", "write", "admin"):
        _with(staff, new_key(staff.app, scope))
        assert staff.get(path).status_code == 200, scope


def test_a_door_is_told_of_nobody_but_the_match(staff: Client) -> None:
    eileen_id = subject_id(staff, "Eileen Collins")
    path = f"/v1/collections/staff/subjects/{eileen_id}/verify"
    _with(staff, new_key(staff.app, "door"))
    answer = staff.recognize(encoded(grace()), candidates=5)
    (face,) = answer.json()["faces"]
    assert face["subject"]["name"] == "Grace Hopper" and answer.json()["only_matches_named"]
    assert [one["subject"]["name"] for one in face["candidates"]] == ["Grace Hopper"]
    assert face["margin"] is None and "Eileen" not in answer.text
    nobody = staff.recognize(encoded(grace()), candidates=5, subjects=eileen_id)
    (face,) = nobody.json()["faces"]
    assert (face["decision"], face["candidates"], face["similarity"]) == ("unknown", [], None)
    denied = staff.post(path, files={"image": encoded(grace())}).json()
    assert (denied["match"], denied["subject"], denied["face_id"]) == (False, None, None)
    granted = staff.post(path, files={"image": encoded(eileen())}).json()
    assert granted["match"] and granted["subject"]["name"] == "Eileen Collins"


def test_a_kiosk_enrolls_and_is_not_told_who_is_alike(staff: Client) -> None:
    _with(staff, new_key(staff.app, "kiosk"))
    twin = staff.subject("Somebody")
    picture = encoded(grace())
    warned = staff.enrol(twin, picture).json()["results"][0]
    assert (warned["status"], warned["duplicates"]) == ("enrolled", [])
    assert warned["duplicates_unnamed"] == 1
    refused = staff.enrol(twin, picture, data={"duplicates": "reject", "allow_repeats": "true"})
    assert refused.json()["code"] == "duplicate-face" and "Grace" not in refused.text
    assert "subject_id" not in refused.json()
    subjects = "/v1/collections/staff/subjects"
    for method, path in (("GET", subjects), ("PATCH", f"{subjects}/{twin}")):
        assert _code(staff, method, path, json={}) == "insufficient-scope"
    assert staff.recognize(picture).json()["code"] == "insufficient-scope"


def test_a_key_bound_to_a_collection_sees_only_that_one(staff: Client) -> None:
    staff.collection("guests")
    _with(staff, new_key(staff.app, "admin", collection="guests"))
    listed = staff.get("/v1/collections").json()["items"]
    assert [item["name"] for item in listed] == ["guests"]
    # Whether another collection exists is not told either.
    for name in ("staff", "there-is-none"):
        assert _code(staff, "GET", f"/v1/collections/{name}") == "insufficient-scope"
        assert _code(staff, "DELETE", f"/v1/collections/{name}") == "insufficient-scope"
    assert _code(staff, "POST", "/v1/collections", json={"name": "z"}) == "insufficient-scope"
    assert staff.get("/v1/collections/guests").status_code == 200


def test_keys_are_stored_hashed_and_their_use_is_noted(
    client: Client, server_settings: Settings
) -> None:
    token = new_key(client.app, "read")
    _with(client, token)
    client.get("/v1/collections")
    secret = token.split("_", 2)[2].encode()
    files = [path for path in server_settings.data_dir.rglob("*") if path.is_file()]
    assert files and not any(secret in path.read_bytes() for path in files)
    key = next(k for k in client.app.edge.use_cases.keys.list() if k.id == token.split("_")[1])
    assert key.last_used_at is not None


def test_auth_can_be_off_on_loopback(settings: Settings) -> None:
    with running(settings.model_copy(update={"auth": "off"})) as client:
        _with(client, None)
        assert client.get("/v1/collections", headers={"Host": "localhost"}).status_code == 200
        assert client.get("/v1/collections", headers={"Host": "evil.example"}).status_code == 421


def test_a_policy_binds_an_admin_too_and_is_changed_by_admins_alone(staff: Client) -> None:
    path = "/v1/collections/staff"
    narrowed = staff.patch(path, json={"policy": {"max_fpir": 0.001, "own_thresholds": False}})
    assert narrowed.json()["policy"]["max_fpir"] == 0.001
    for fields in ({"similarity_threshold": -1}, {"fpir": 0.5}):
        answer = staff.recognize(encoded(grace()), **fields)
        assert (answer.status_code, answer.json()["code"]) == (403, "outside-policy")
    assert staff.recognize(encoded(grace())).status_code == 200
    _with(staff, new_key(staff.app, "write", collection="staff"))
    assert _code(staff, "PATCH", path, json={"policy": {}}) == "insufficient-scope"
    _with(staff, new_key(staff.app, "admin", collection="staff"))
    relaxed = staff.patch(path, json={"policy": {"own_thresholds": True}})
    assert relaxed.json()["policy"]["max_fpir"] == 0.001, "what is left out stays"
