"""Somebody sets the machine's clock: what was promised holds, whichever way it goes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.api.conftest import Client, new_key
from tests.fakes.clocks import jumping_clock
from tests.portraits import eileen, encoded, grace

GRACE, EILEEN = encoded(grace()), encoded(eileen())
YEAR, DAY = timedelta(days=365), timedelta(days=1)


@pytest.fixture
def jump(client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    return jumping_clock(monkeypatch)


@pytest.mark.parametrize("by", [YEAR, -DAY], ids=["a year on", "a day back"])
def test_a_gallery_goes_on(
    client: Client, jump: Callable[[timedelta], None], by: timedelta
) -> None:
    client.collection()
    before, once = client.subject("Grace"), {"Idempotency-Key": "once"}
    assert client.enrol(before, GRACE).status_code == 201
    jump(by)
    after = client.subject("Eileen")
    first = client.enrol(after, EILEEN, headers=once)
    assert first.status_code == 201
    assert client.enrol(after, EILEEN, headers=once).json() == first.json()
    jump(timedelta())
    assert client.contents() == (2, 2)
    listed = client.get("/v1/collections/staff/faces").json()["items"]
    assert {face["subject_id"] for face in listed} == {before, after}
    for shift in (by, timedelta()):
        jump(shift)
        for picture, name in ((GRACE, "Grace"), (EILEEN, "Eileen")):
            answer = client.recognize(picture)
            assert answer.json()["faces"][0]["subject"]["name"] == name
    jump(by)
    assert client.delete(f"/v1/collections/staff/subjects/{before}").status_code == 200
    assert client.recognize(GRACE).json()["faces"][0]["subject"] is None
    assert client.get("/readyz").status_code == 200
    assert client.get("/metrics").status_code == 200


def test_a_key_ends_by_the_clock_and_comes_back_with_it(
    client: Client, jump: Callable[[timedelta], None]
) -> None:
    key = new_key(client.app, "read", lifetime=DAY)
    asked = {"Authorization": f"Bearer {key}"}
    for shift, status in ((YEAR, 401), (timedelta(), 200), (-DAY, 200), (timedelta(), 200)):
        jump(shift)
        answer = client.get("/v1/collections", headers=asked)
        assert answer.status_code == status
        assert status == 200 or answer.json()["code"] == "expired-key"
