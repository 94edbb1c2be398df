"""Pages of sightings by filters that no index finds look at so many, and go on from there."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.people.sightings import Moment, SightingFilter
from app.storage.repositories.people import sighting_pages
from tests.fakes.analyser import picture
from tests.fakes.service import Service


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    service.collections.create("staff", policy={"remember": "all", "remember_quality": 0})
    service.enrol("Ada", picture("Ada"))
    yield service
    service.close()


def test_a_page_looks_at_so_many_and_tells_where_it_has_ended(
    staff: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for take in range(6):
        staff.recognized(picture("Bob", "Carol, blurred", take=take), source=f"door-{take % 2}")
    staff.recognized(picture("Ada"), source="door-1")
    assert staff.recorder.flush(10)
    every = staff.sightings.list("staff", SightingFilter(), limit=100).items
    near = staff.subjects.find("staff", "Ada")
    assert near is not None
    poor = {one.id for one in every if one.quality.score < 0.5}
    odd = {one.id for one in every if one.source == "door-1"}
    unknown = {one.id for one in every if one.decision == "unknown"}
    asked: list[tuple[dict[str, Any], set[int]]] = [
        ({"max_quality": 0.5}, poor),
        ({"min_quality": 0.99}, set()),
        ({"max_quality": 0.5, "source": "door-1"}, poor & odd),
        ({"subject_id": near.id, "source": "door-1"}, odd),
        ({"alone": True}, unknown),
        ({"alone": True, "source": "door-1", "decision": "known"}, set()),
        ({"source": "door-1", "decision": "unknown"}, odd & unknown),
    ]
    for number in (1, 2, 3, 100):
        monkeypatch.setattr(sighting_pages, "MOST_LOOKED_AT", number)
        for filters, expected in asked:
            assert walked(staff, **filters) == sorted(expected, reverse=True), filters
    monkeypatch.setattr(sighting_pages, "MOST_LOOKED_AT", 3)
    page = staff.sightings.list("staff", SightingFilter(min_quality=0.99), limit=5)
    assert page.items == [] and page.reached == Moment(every[2].at, every[2].id)


def walked(staff: Service, **filters: Any) -> list[int]:
    """Ids of all that the filters find, by pages of two."""
    ids: list[int] = []
    before = None
    while True:
        page = staff.sightings.list("staff", SightingFilter(**filters), before=before, limit=2)
        ids += [one.id for one in page.items]
        if len(page.items) == 2:
            before = Moment(page.items[-1].at, page.items[-1].id)
        elif page.reached is not None:
            before = page.reached
        else:
            return ids
