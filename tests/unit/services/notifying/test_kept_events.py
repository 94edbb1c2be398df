"""Events are kept with what they tell of, and told from where a follower left off."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.requests import InsufficientScopeError
from app.domain.notifying.events import EventFilter, EventKind, NewEvent
from app.services.keys import LOCAL, Principal
from app.services.people.unnamed import UnnamedPicture
from tests.fakes.analyser import picture
from tests.fakes.service import Service

ALL = EventFilter()


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    service.collections.create("staff")
    yield service
    service.close()


def news(service: Service, position: int = 0) -> list[tuple[str, dict[str, Any]]]:
    return [(one.kind, dict(one.data)) for one in service.events.since(position, ALL).events]


def test_whatever_enrolls_and_erases_is_told(staff: Service) -> None:
    one, other = staff.enrol("Ada", picture("Ada"), picture("Ada", take=2))
    assert one.face is not None and other.face is not None
    ada = one.face.subject_id
    enrolled = {"subject_id": ada, "face_ids": [one.face.id, other.face.id]}
    assert news(staff) == [("enrolled", enrolled)]
    staff.enrol("Ada", picture("Ada"), picture())
    assert len(news(staff)) == 1  # the same picture again, and one without a face
    staff.erasure.face("staff", other.face.id, dry_run=True)
    assert len(news(staff)) == 1
    staff.erasure.face("staff", other.face.id)
    staff.erasure.subject("staff", ada)
    (_, first), (_, second) = news(staff)[1:]
    assert (first["erased"], first["id"]) == ("face", str(other.face.id))
    assert (second["erased"], second["id"], second["removed"]["faces"]) == ("subject", ada, 1)
    assert "Ada" not in str(news(staff))


def test_a_named_group_is_told_with_its_faces(staff: Service) -> None:
    items = [UnnamedPicture(str(n), lambda n=n: picture("Ada", take=n)) for n in range(2)]  # type: ignore[misc]
    list(staff.unnamed_importer.run("staff", items, workers=1))
    staff.groups.refresh("staff")
    group = staff.groups.list("staff").groups[0]
    named = staff.groups.assign("staff", group.id, new_subject="Ada")
    subject = named.subject.subject.id
    assert news(staff) == [
        ("enrolled", {"subject_id": subject, "face_ids": list(named.face_ids)}),
        ("group-named", {"group_id": group.id, "subject_id": subject, "faces": 2}),
    ]


def test_what_is_taken_back_is_not_told(staff: Service) -> None:
    with pytest.raises(ZeroDivisionError), staff.storage.write() as uow:
        uow.events.add([NewEvent("erased", "x", "x", {})])
        _ = 1 / 0
    assert news(staff) == []


def test_a_follower_goes_on_from_where_it_was(staff: Service) -> None:
    _tell(staff, "enrolled", "erased", "enrolled")
    assert staff.events.begin(None).position == 3
    begun = staff.events.begin(1)
    assert (begun.position, begun.lost) == (1, False)
    later = staff.events.since(1, ALL)
    assert ([one.id for one in later.events], later.position) == ([2, 3], 3)
    only = staff.events.since(0, EventFilter(kinds=("erased",)))
    assert ([one.id for one in only.events], only.position) == ([2], 3)
    assert staff.events.since(0, EventFilter("another")).events == []
    # The database was restored from a backup: ids begin again.
    restored = staff.events.begin(900)
    assert (restored.position, restored.lost) == (3, True)


def test_a_long_absence_is_told_page_by_page(staff: Service) -> None:
    many: list[EventKind] = ["enrolled"] * 450
    _tell(staff, *many)
    position, seen = 0, 0
    while (page := staff.events.since(position, ALL)).events:
        position, seen = page.position, seen + len(page.events)
    assert (position, seen) == (450, 450)


def test_old_events_go_and_a_follower_hears_of_it(staff: Service) -> None:
    _tell(staff, "enrolled", "enrolled", "erased")
    assert staff.events.forget_old() == 0
    with staff.storage.write() as uow:
        assert uow.events.trim(datetime.now(UTC) - timedelta(days=1), 2) == 1
    assert staff.events.begin(1).lost is False and staff.events.since(1, ALL).lost is False
    with staff.storage.write() as uow:
        assert uow.events.trim(datetime.now(UTC) + timedelta(days=1), 9) == 1
    assert staff.events.since(1, ALL).lost is True
    assert staff.events.begin(None).position == 3


def test_a_bound_key_hears_of_its_collection_alone(staff: Service) -> None:
    other = staff.collections.create("other")
    bound = Principal("key", ("browse",), staff.collections.get("staff").id)
    assert staff.events.wanted(bound, None, []).collection_id == bound.collection_id
    assert staff.events.wanted(bound, "staff", []).collection_id == bound.collection_id
    for name in ("other", "nothing"):
        with pytest.raises(InsufficientScopeError):
            staff.events.wanted(bound, name, [])
    assert staff.events.wanted(LOCAL, "other", []).collection_id == other.id
    with pytest.raises(UnknownCollectionError):
        staff.events.wanted(LOCAL, "nothing", [])


def _tell(service: Service, *kinds: EventKind) -> None:
    with service.storage.write() as uow:
        uow.events.add([NewEvent(kind, "c", "staff", {}) for kind in kinds])
