"""A key that ends takes its streams of events along within seconds, whatever ended it."""

import json
import time
from collections.abc import Callable, Iterator

from tests.hostile.conftest import Target
from tests.portraits import encoded, grace

SECONDS = 12
"""In which a stream notices."""
A_MOMENT = 6 / 86_400
"""Days until a key expires that is used meanwhile."""


def _key(target: Target, *options: str) -> tuple[str, str]:
    """Id and key."""
    made = json.loads(target.server.facet("keys", "create", "--scope", "read", *options, "--json"))
    return str(made["id"]), str(made["key"])


def _follow(target: Target, key: str, then: Callable[[], object]) -> Iterator[str]:
    """Lines of the events of a job that waits for a worker; `then` is called after the first."""
    with target.server.client(key) as client:
        small = encoded(grace().resize((64, 64)))
        files = {"content": ("c.jpg", small), "style": ("s.jpg", small)}
        submitted = client.post("/v1/style-transfers", files=files)
        assert submitted.status_code == 202, submitted.text
        path = f"/v1/jobs/{submitted.json()['id']}/events"
        with client.stream("GET", path, timeout=SECONDS + 10) as answer:
            assert answer.status_code == 200
            lines = answer.iter_lines()
            yield next(lines)
            then()
            yield from lines


def _ends(target: Target, key: str, then: Callable[[], object], code: str) -> None:
    began = 0.0

    def end() -> None:
        nonlocal began
        then()
        began = time.monotonic()

    lines = list(_follow(target, key, end))
    assert began and time.monotonic() - began < SECONDS
    assert "event: problem" in lines
    assert json.loads(lines[-2 if not lines[-1] else -1].removeprefix("data: "))["code"] == code
    with target.server.client(key) as client:
        assert client.get("/v1/jobs").json()["code"] == code


def test_a_revoked_key(target: Target) -> None:
    key_id, key = _key(target)
    _ends(target, key, lambda: target.server.facet("keys", "revoke", key_id), "invalid-key")


def test_an_expired_key(target: Target) -> None:
    _, key = _key(target, "--days", str(A_MOMENT))
    _ends(target, key, lambda: None, "expired-key")


def test_a_key_that_went_with_its_collection(target: Target) -> None:
    with target.client() as client:
        client.post("/v1/collections", json={"name": "passing"}).raise_for_status()
        _, key = _key(target, "--collection", "passing")
        _ends(target, key, lambda: client.delete("/v1/collections/passing"), "invalid-key")
