"""What is recognized is remembered as the policy says, beside the requests, and erased again."""

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.domain.errors.gallery import ImageNotKeptError
from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.sightings import UnknownSightingError
from app.domain.errors.trouble import DatabaseLockedError
from app.domain.notifying.events import EventFilter
from app.domain.people.sightings import LeftOut, Moment, Sighting, SightingFilter
from app.services.keys import LOCAL
from app.services.people import remembering
from app.storage.people_tables import SightingRow
from tests.fakes.analyser import picture
from tests.fakes.service import Service

EVERYTHING = SightingFilter()


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    service.collections.create("staff", policy={"remember": "all"})
    service.enrol("Ada", picture("Ada"))
    yield service
    service.close()


def policy(service: Service, **changes: Any) -> None:
    service.collections.update("staff", {"policy": changes})


def seen(service: Service, **wanted: Any) -> Sequence[Sighting]:
    assert service.recorder.flush(10)
    return service.sightings.list("staff", SightingFilter(**wanted), limit=100).items


def by_decision(found: Sequence[Sighting]) -> list[str | None]:
    return [one.decision for one in found]


def test_all_that_is_recognized_is_remembered(staff: Service) -> None:
    ada = staff.subjects.find("staff", "Ada")
    assert ada is not None
    before = datetime.now(UTC)
    staff.recognized(picture("Ada", "Bob", take=2), source="door-1")
    bob, same = seen(staff)
    assert (same.decision, same.subject_id, same.source) == ("known", ada.id, "door-1")
    assert (bob.decision, bob.subject_id, bob.group_id) == ("unknown", ada.id, None)
    assert same.fmr is not None and bob.fmr is None  # Bob is not alike, so no number was told
    assert before <= bob.at <= datetime.now(UTC) and bob.quality.score == 0.9
    assert staff.sightings.image("staff", bob.id) == b"crop of Bob, take 2"
    assert b"crop of Bob" not in b"".join(staff.images.kept.values())
    with staff.storage.read() as uow:
        ids, templates = uow.sightings.templates([bob.id])
        assert len(ids) == 1 and abs(float((templates[0] ** 2).sum()) - 1) < 1e-5


def test_nothing_is_remembered_unless_somebody_says_so(staff: Service) -> None:
    policy(staff, remember="nothing")
    staff.recognized(picture("Ada", "Bob"))
    assert seen(staff) == []
    policy(staff, remember="unknown")
    staff.recognized(picture("Ada", "Bob"))
    assert by_decision(seen(staff)) == ["unknown"]
    staff.collections.update("staff", {"keep_images": False})
    staff.recognized(picture("Carol"))
    carol = seen(staff)[0]
    assert carol.image_digest is None
    with pytest.raises(ImageNotKeptError):
        staff.sightings.image("staff", carol.id)


def test_enrolment_comparison_and_embeddings_leave_no_sighting(staff: Service) -> None:
    staff.enrol("Bob", picture("Bob"))
    assert seen(staff) == []


def test_poor_faces_and_more_than_a_day_may_have_stay_out(staff: Service) -> None:
    policy(staff, remember_per_day=2)
    staff.recognized(picture("Bob, blurred"))
    for take in range(4):
        staff.recognized(picture("Bob", take=take))
    assert len(seen(staff)) == 2
    listed = staff.sightings.list("staff", EVERYTHING)
    assert listed.left_out == LeftOut(over_limit=2, lost=0)
    policy(staff, remember_quality=0.05, remember_per_day=9)
    staff.recognized(picture("Bob, blurred"))
    assert seen(staff)[0].quality.score == 0.1


def test_a_collection_that_is_full_remembers_no_more(staff: Service) -> None:
    policy(staff, max_faces=3)
    staff.recognized(picture("Bob", "Carol", "Dave", take=2))
    assert len(seen(staff)) == 2  # and Ada's face
    policy(staff, max_faces=None, max_bytes=1)
    staff.recognized(picture("Bob", take=3))
    assert len(seen(staff)) == 2
    assert staff.sightings.list("staff", EVERYTHING).left_out == LeftOut(over_limit=2)


def test_what_turns_out_to_be_too_large_is_left_out_alone(staff: Service) -> None:
    size = sum(map(len, staff.images.kept.values()))
    policy(staff, max_bytes=size + 1)  # one picture more is known to be too much once it is there
    staff.recognized(picture("Bob", "Carol"))
    assert seen(staff) == []
    assert staff.sightings.list("staff", EVERYTHING).left_out == LeftOut(over_limit=2)


def test_filters_and_pages(staff: Service) -> None:
    for take, source in enumerate(("door-1", "door-2", "door-1")):
        staff.recognized(picture("Bob", take=take), source=source)
    staff.recognized(picture("Ada"), source="door-2")
    everything = seen(staff)
    assert [one.id for one in everything] == sorted((one.id for one in everything), reverse=True)
    assert len(seen(staff, source="door-1")) == 2 and len(seen(staff, decision="known")) == 1
    assert len(seen(staff, alone=True)) == 3 and seen(staff, min_quality=0.95) == []
    middle = everything[2].at
    assert len(seen(staff, since=middle)) == 3 and len(seen(staff, until=middle)) == 1
    last = Moment(everything[1].at, everything[1].id)
    older = staff.sightings.list("staff", EVERYTHING, before=last, limit=1).items
    assert [one.id for one in older] == [everything[2].id]
    assert seen(staff, subject_id="nobody") == []


def test_a_label_that_cannot_be_kept_is_refused(staff: Service) -> None:
    for label in ("a\x07b", "x" * 101):
        with pytest.raises(InvalidRequestError):
            staff.recognized(picture("Bob"), source=label)


def test_an_erased_subject_takes_its_sightings_along(staff: Service) -> None:
    ada = staff.subjects.find("staff", "Ada")
    assert ada is not None
    staff.recognized(picture("Ada", "Bob"))
    bob, same = seen(staff)
    assert same.image_digest in staff.images.kept
    dry = staff.erasure.subject("staff", ada.id, dry_run=True).removed
    done = staff.erasure.subject("staff", ada.id).removed
    assert (dry.sightings, dry.images) == (done.sightings, done.images) == (1, 2)
    (left,) = seen(staff)
    assert (left.id, left.subject_id) == (bob.id, None)
    assert set(staff.images.kept) == {bob.image_digest}


def test_what_was_decided_of_somebody_erased_meanwhile_is_not_kept(
    staff: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = staff.subjects.find("staff", "Ada")
    assert ada is not None
    go_on = threading.Event()
    store = staff.recorder._store
    monkeypatch.setattr(staff.recorder, "_store", lambda batch: (go_on.wait(5), store(batch)))
    staff.recognized(picture("Ada", "Bob"))
    staff.erasure.subject("staff", ada.id)
    go_on.set()
    (bob,) = seen(staff)
    assert (bob.decision, bob.subject_id) == ("unknown", None)
    assert set(staff.images.kept) == {bob.image_digest}


def test_a_merged_subject_takes_them_over(staff: Service) -> None:
    staff.enrol("Bob", picture("Bob"))
    ada, bob = (staff.subjects.find("staff", name) for name in ("Ada", "Bob"))
    assert ada is not None and bob is not None
    staff.recognized(picture("Bob", take=2))
    assert seen(staff)[0].subject_id == bob.id
    staff.corrections.merge("staff", ada.id, bob.id)
    assert seen(staff)[0].subject_id == ada.id


def test_one_and_those_of_a_filter_are_erased(staff: Service) -> None:
    for take in range(3):
        staff.recognized(picture("Bob", take=take), source=f"door-{take}")
    first = seen(staff)[0]
    assert staff.erasure.sighting("staff", first.id, dry_run=True).removed.images == 1
    assert staff.erasure.sighting("staff", first.id).removed.sightings == 1
    with pytest.raises(UnknownSightingError):
        staff.erasure.sighting("staff", first.id)
    wanted = SightingFilter(source="door-0")
    dry = staff.erasure.sightings("staff", wanted, dry_run=True).removed
    assert dry == staff.erasure.sightings("staff", wanted).removed and dry.sightings == 1
    assert len(seen(staff)) == 1
    receipt = staff.erasure.sightings("staff", EVERYTHING)
    assert receipt.removed.sightings == 1 and receipt.receipt_id is not None
    kept = json.loads(staff.receipts.get(LOCAL, receipt.receipt_id).content)
    assert (kept["removed"]["sightings"], kept["files"]) == (1, "done")
    assert len(staff.images.kept) == 1  # of the enrolled face


def test_what_was_kept_long_enough_goes(staff: Service) -> None:
    policy(staff, remember_days=3)
    staff.recognized(picture("Bob"))
    (bob,) = seen(staff)
    assert staff.sightings.forget_old() == 0
    with staff.storage.write() as uow:
        _age(uow, bob.id, timedelta(days=4))
    assert staff.sightings.forget_old() == 1
    assert seen(staff) == [] and bob.image_digest not in staff.images.kept


def test_a_full_queue_loses_sightings_and_says_so(
    staff: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembering, "_WAITING", 2)
    go_on = threading.Event()
    store = staff.recorder._store
    monkeypatch.setattr(staff.recorder, "_store", lambda batch: (go_on.wait(5), store(batch)))
    for take in range(6):
        assert staff.recognized(picture("Bob", take=take)) == [None]
    go_on.set()
    kept = len(seen(staff))
    staff.recognized(picture("Bob", take=9))
    assert len(seen(staff)) == kept + 1
    assert staff.sightings.list("staff", EVERYTHING).left_out.lost == 6 - kept > 0


def test_a_database_that_cannot_be_written_fails_no_recognition(
    staff: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembering, "_PAUSE", 0.0)

    def locked(*_: object) -> object:
        raise DatabaseLockedError("busy")

    with monkeypatch.context() as patch:
        patch.setattr(staff.recorder, "_keep_all", locked)
        assert staff.recognized(picture("Bob")) == [None]
        assert seen(staff) == []
    staff.recognized(picture("Bob", take=2))
    assert len(seen(staff)) == 1
    assert staff.sightings.list("staff", EVERYTHING).left_out.lost == 1


def test_events_tell_of_what_was_seen(staff: Service) -> None:
    position = staff.events.begin(None).position
    staff.recognized(picture("Ada", "Bob"), source="door-1")
    bob, same = seen(staff)
    news = [(e.kind, dict(e.data)) for e in staff.events.since(position, EventFilter()).events]
    assert [kind for kind, _ in news] == ["sighted", "recognized", "sighted"]
    assert news[0][1] == {"decision": "known", "source": "door-1", "sighting_id": same.id}
    assert news[1][1]["subject_id"] == same.subject_id and news[2][1]["sighting_id"] == bob.id
    policy(staff, remember="nothing")
    staff.recognized(picture("Ada", "Bob"))
    assert seen(staff)[0].id == bob.id
    (found,) = staff.events.since(position + 3, EventFilter()).events
    assert (found.kind, found.data["sighting_id"]) == ("recognized", None)


def test_a_policy_that_cannot_be_kept_is_refused(staff: Service) -> None:
    for wrong in (
        {"remember": "some"},
        {"remember_days": 0},
        {"remember_days": 1e9},
        {"remember_per_day": 0},
        {"remember_quality": 1.5},
    ):
        with pytest.raises(InvalidRequestError):
            policy(staff, **wrong)


def _age(uow: Any, sighting_id: int, by: timedelta) -> None:
    row = update(SightingRow).where(SightingRow.id == sighting_id)
    uow.events._connection.execute(row.values(at=datetime.now(UTC) - by))
