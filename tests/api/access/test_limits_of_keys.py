"""A key with limits gets a 429 beyond them, which says when to come again."""

from typing import Any

import pytest

from tests.api.conftest import Client, new_key
from tests.portraits import encoded, grace


@pytest.fixture(autouse=True)
def _one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests of a test fall into one second, however slow the machine is."""
    monkeypatch.setattr("app.files.rates.time.time", lambda: 1e9)


def limited(client: Client, scope: str, **limits: int | None) -> dict[str, str]:
    token = new_key(client.app, scope)
    answer = client.patch(f"/v1/keys/{token.split('_')[1]}/limits", json=limits)
    assert answer.status_code == 200 and answer.json()["limits"] | limits == answer.json()["limits"]
    return {"Authorization": f"Bearer {token}"}


def test_requests_beyond_the_limit_are_refused(client: Client) -> None:
    key = limited(client, "read", requests_per_second=2)
    answers = [client.get("/v1/collections", headers=key) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 429, 429]
    assert answers[0].headers["ratelimit-policy"] == '"requests";q=2;w=1'
    assert [one.headers["ratelimit"] for one in answers[:3]] == [
        f'"requests";r={left};t=1' for left in (1, 0, 0)
    ]
    refused = answers[2]
    assert refused.headers["retry-after"] == "1" and refused.json()["code"] == "rate-exceeded"
    assert refused.json()["limit"] == 2
    assert client.get("/v1/collections").status_code == 200, "another key is not concerned"
    assert "ratelimit" not in client.get("/v1/collections").headers


def test_pictures_are_counted_one_by_one(staff: Client) -> None:
    key = limited(staff, "write", pictures_per_second=3)
    subject = staff.subject("New")
    files = [("images", encoded(grace()))] * 2
    path = f"/v1/collections/staff/subjects/{subject}/faces"

    def sent(files: list[Any]) -> Any:
        return staff.post(path, files=files, headers=key)

    assert sent(files).status_code == 201
    refused = sent(files)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate-exceeded")
    assert refused.headers["ratelimit"] == '"pictures";r=0;t=1'
    too_many = staff.post(
        path, files=files * 2, headers=limited(staff, "write", pictures_per_second=3)
    )
    assert "at most 3 pictures" in too_many.json()["hint"]


def test_a_limit_is_taken_away_by_null_and_bounded(client: Client) -> None:
    key = limited(client, "read", requests_per_second=1, jobs=3)
    path = f"/v1/keys/{key['Authorization'].split('_')[1]}/limits"
    changed = client.patch(path, json={"requests_per_second": None}).json()["limits"]
    assert (changed["requests_per_second"], changed["jobs"]) == (None, 3)
    assert [client.get("/v1/collections", headers=key).status_code for _ in range(3)] == [200] * 3
    for bad in ({"jobs": 0}, {"streams": 1.5}, {"requests_per_second": True}, {"more": 1}):
        assert client.patch(path, json=bad).status_code == 422, bad
