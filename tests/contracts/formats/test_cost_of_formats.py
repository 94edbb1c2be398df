"""What a format asks beyond the native route: nothing, or what its answer cannot do without."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import event
from sqlalchemy.pool import Pool

from app.platform.request_context import current_request
from tests.contracts.formats.conftest import Format
from tests.portraits import encoded, grace

GRACE, AGAIN = encoded(grace()), encoded(grace(), quality=70)
MORE = {"compreface": 0, "deepstack": 0, "rekognition": 2}
"""Transactions: Rekognition's answers have labels of faces, and its signatures come once."""


@contextmanager
def counted_transactions() -> Iterator[list[int]]:
    """Counts how often a request takes a connection from a pool; others work beside it."""
    found: list[int] = []

    def count(*_: object) -> None:
        if current_request().request_id:
            found.append(1)

    event.listen(Pool, "checkout", count)
    try:
        yield found
    finally:
        event.remove(Pool, "checkout", count)


@pytest.fixture
def grace_is_enrolled(formats: dict[str, Format]) -> Iterator[None]:
    formats["native"].enroll("Grace", GRACE)
    for one in formats.values():
        one.found(AGAIN)  # the last use of each key is noted
    yield
    formats["native"].erase("Grace")


@pytest.mark.usefixtures("grace_is_enrolled")
@pytest.mark.parametrize("name", MORE)
def test_a_recognition_takes_few_transactions(formats: dict[str, Format], name: str) -> None:
    taken = []
    for one in (formats["native"], formats[name]):
        with counted_transactions() as found:
            assert one.found(AGAIN) == {"Grace"}
        taken.append(len(found))
    assert taken[1] <= taken[0] + MORE[name]


@pytest.mark.usefixtures("grace_is_enrolled")
@pytest.mark.parametrize("name", MORE)
def test_a_request_looks_at_routes_of_its_own_format(
    formats: dict[str, Format], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    matches = APIRoute.matches

    def noted(self: APIRoute, scope: object) -> object:
        asked.append(self.path)
        return matches(self, scope)  # type: ignore[arg-type]

    monkeypatch.setattr(APIRoute, "matches", noted)
    formats[name].found(AGAIN)
    assert asked and not any("collections" in path for path in asked)
