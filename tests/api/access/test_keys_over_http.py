"""Administrators make, list, rotate and revoke keys over HTTP."""

from typing import Any

import pytest

from tests.api.conftest import Client, new_key


def as_key(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def made(client: Client, **body: Any) -> dict[str, Any]:
    answer = client.post("/v1/keys", json={"name": "door", "scopes": ["door"], **body})
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return dict(answer.json())


def works(client: Client, token: str) -> bool:
    path = "/v1/verify"  # 415: access was granted, and a body is missing
    return bool(client.post(path, headers=as_key(token)).status_code == 415)


def test_a_key_is_made_rotated_and_revoked(client: Client) -> None:
    client.collection()
    key = made(client, collection="staff", days=30)
    assert key["scopes"] == ["verify", "recognize"] and works(client, key["key"])
    shown = client.get(f"/v1/keys/{key['id']}").json()
    assert "key" not in shown and shown["collection_id"] and shown["last_used_at"]
    path = f"/v1/keys/{key['id']}"
    rotated = client.post(f"{path}/rotations", json={"overlap_hours": 1})
    assert rotated.status_code == 201 and rotated.json()["previous_until"]
    new = rotated.json()["key"]
    assert works(client, key["key"]) and works(client, new)
    dry_answer = client.delete(path, params={"dry_run": "true"}).json()
    assert dry_answer["dry_run"] and not dry_answer["last_admin"] and works(client, new)
    assert client.delete(path).json()["key"]["revoked_at"]
    assert not works(client, key["key"]) and not works(client, new)
    again = client.post(f"{path}/rotations", json={})
    assert (again.status_code, again.json()["code"]) == (409, "revoked-key")


def test_the_last_admin_has_to_be_forced(client: Client) -> None:
    (mine,) = [k for k in every(client) if "admin" in k["scopes"] and not k["revoked_at"]]
    path = f"/v1/keys/{mine['id']}"
    refused = client.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "last-admin-key")
    assert client.delete(path, params={"dry_run": "true"}).json()["last_admin"]
    assert client.get("/v1/keys").status_code == 200


def every(client: Client) -> list[dict[str, Any]]:
    found, cursor = [], None
    while True:
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = client.get("/v1/keys", params=params).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def test_keys_are_listed_page_by_page_without_secrets(client: Client) -> None:
    tokens = [made(client)["key"] for _ in range(5)]
    found = every(client)
    ids = [key["id"] for key in found]
    assert ids == sorted(set(ids)) and {t.split("_")[1] for t in tokens} <= set(ids)
    assert not any("key" in key or "digest" in key for key in found)


@pytest.mark.parametrize(
    "body",
    [
        {"scopes": []},
        {"scopes": ["reed"]},
        {"name": ""},
        {"name": "\u202e"},
        {"days": 0},
        {"days": 1e9},
        {"days": 3, "no_expiry": True},
        {"surprise": 1},
    ],
)
def test_what_no_key_can_be(client: Client, body: dict[str, Any]) -> None:
    answer = client.post("/v1/keys", json={"name": "x", "scopes": ["read"], **body})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request"), answer.text


def test_a_key_without_end_is_asked_for(client: Client) -> None:
    assert made(client)["expires_at"] and made(client, no_expiry=True)["expires_at"] is None
    unknown = client.post("/v1/keys", json={"name": "x", "scopes": ["read"], "collection": "no"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-collection")


def test_a_key_cannot_give_itself_more(client: Client) -> None:
    client.collection()
    for scopes, bound in (("write", None), ("audit", None), ("admin", "staff")):
        token = new_key(client.app, scopes, collection=bound)
        body = {"name": "x", "scopes": ["admin"]}
        answer = client.post("/v1/keys", json=body, headers=as_key(token))
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient-scope")
