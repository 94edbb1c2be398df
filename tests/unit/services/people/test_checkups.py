"""Changed warnings are told, an aged calibration is proposed again, a face stands for a subject."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors.gallery import SubjectWithoutFacesError, UnknownFaceError
from app.domain.notifying.events import Event, EventFilter
from app.services.people.calibrating import Calibrations
from app.services.people.checkups import Checkups
from app.services.people.health import Health
from app.services.people.representing import Representatives
from app.services.people.review.answering import Reviews
from app.services.people.review.finding import Suggestions
from tests.fakes.analyser import OneEncoder, picture
from tests.fakes.service import Service


class LookedAt(Service):
    """A gallery, and what looks at it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.collections.create("staff")
        self.today = datetime(2026, 1, 31, tzinfo=UTC)
        self.calibrations = Calibrations(self.storage, OneEncoder())
        self.suggestions = Suggestions(self.storage, OneEncoder(), self.candidates)
        self.checkups = Checkups(
            self.storage,
            Health(self.storage, OneEncoder()),
            self.calibrations,
            self.suggestions,
            lambda: self.today,
        )
        self.representatives = Representatives(self.storage)

    def announced(self) -> list[Event]:
        wanted = EventFilter(None, ("health-changed",))
        with self.storage.read() as uow:
            return list(uow.events.after(0, wanted, limit=100))


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[LookedAt]:
    service = LookedAt(sqlite_database)
    yield service
    service.close()


def test_warnings_that_come_and_go_are_told(staff: LookedAt) -> None:
    staff.enrol("Ada", *(picture("Ada", take=take) for take in range(3)))
    assert staff.checkups.run() == 1 and staff.announced() == []
    staff.enrol("Bob", picture("Bob"))
    assert staff.checkups.run() == 0  # within the hour
    staff.today += timedelta(hours=1)
    assert staff.checkups.run() == 1
    (event,) = staff.announced()
    assert event.data == {"warnings": {"few-faces": 1}, "new": ["few-faces"], "gone": []}
    staff.enrol("Carol", picture("Carol"))
    staff.today += timedelta(hours=1)
    assert staff.checkups.run() == 1 and len(staff.announced()) == 1  # the same warnings
    staff.today += timedelta(hours=1)
    assert staff.checkups.run() == 0  # nothing has changed
    for name in ("Bob", "Carol"):
        staff.enrol(name, *(picture(name, take=take) for take in (2, 3)))
    staff.today += timedelta(hours=1)
    staff.checkups.run()
    assert staff.announced()[-1].data == {"warnings": {}, "new": [], "gone": ["few-faces"]}


def test_suggestions_are_found_by_the_way(staff: LookedAt) -> None:
    staff.enrol("Ada", picture("Ada", take=1))
    staff.enrol("Lovelace", picture("Ada", take=2))
    staff.checkups.run()
    found = Reviews(staff.storage, staff.groups, staff.corrections).list("staff")
    assert [one.stored.suggestion.kind for one in found] == ["subjects-are-one"]


def test_a_calibration_is_proposed_again_once_the_gallery_has_grown(staff: LookedAt) -> None:
    for number in range(12):
        staff.enrol(f"P{number}", *(picture(f"P{number}", take=take) for take in (1, 2)))
    staff.checkups.run()
    assert staff.calibrations.show("staff").proposed is None  # nobody has asked for one
    made = staff.calibrations.propose("staff").proposed
    assert made is not None and made.comparisons == 24 * 11
    staff.calibrations.accept("staff", made.id)
    for number in range(12, 16):
        staff.enrol(f"P{number}", picture(f"P{number}"))
    staff.today += timedelta(hours=1)
    staff.checkups.run()
    assert staff.calibrations.show("staff").proposed is None
    for number in range(16, 20):
        staff.enrol(f"P{number}", picture(f"P{number}"))
    staff.today += timedelta(hours=1)
    staff.checkups.run()
    shown = staff.calibrations.show("staff")
    assert shown.proposed is not None and shown.proposed.comparisons == 32 * 19
    assert shown.in_force is not None and shown.in_force.id == made.id  # until it is accepted
    staff.today += timedelta(hours=1)
    staff.enrol("Late", picture("Late"))
    staff.checkups.run()
    again = staff.calibrations.show("staff").proposed
    assert again is not None and again.id == shown.proposed.id


def test_the_best_face_stands_for_a_subject_unless_another_is_chosen(staff: LookedAt) -> None:
    first, second = staff.enrol("Ada", picture("Ada", take=1), picture("Ada", take=2))
    (other,) = staff.enrol("Bob", picture("Bob"))
    assert first.face and second.face and other.face
    subjects = {name: staff.subjects.find("staff", name) for name in ("Ada", "Bob")}
    ada, bob = (subjects[name].id for name in ("Ada", "Bob"))  # type: ignore[union-attr]
    choose, get = staff.representatives.choose, staff.representatives.get
    assert (get("staff", ada).face.id, get("staff", ada).chosen) == (first.face.id, False)
    with pytest.raises(UnknownFaceError):
        choose("staff", ada, other.face.id)
    made = choose("staff", ada, second.face.id)
    assert (made.face.id, made.chosen) == (second.face.id, True)
    # A list of subjects tells it of all of them.
    staff.subjects.create("staff", "Carol")
    ids = [one.standing and one.standing.id for one in staff.subjects.list("staff")]
    assert ids == [second.face.id, other.face.id, None]
    # It outlives a change of the subject, a merge and its undoing, and a move of the face.
    staff.subjects.update("staff", ada, {"metadata": {"a": 1}})
    merged = staff.corrections.merge("staff", bob, ada).operation
    assert merged is not None and not get("staff", bob).chosen
    staff.corrections.undo("staff", merged.id)
    assert get("staff", ada).face.id == second.face.id
    moved = staff.corrections.move_faces("staff", [second.face.id], bob).operation
    assert moved is not None and get("staff", ada).face.id == first.face.id
    staff.corrections.undo("staff", moved.id)
    assert get("staff", ada).chosen
    staff.corrections.undo("staff", made.operation_id or "")
    assert not get("staff", ada).chosen
    choose("staff", ada, second.face.id)
    staff.erasure.face("staff", second.face.id)
    assert (get("staff", ada).face.id, get("staff", ada).chosen) == (first.face.id, False)
    assert choose("staff", ada, None).chosen is False
    staff.erasure.face("staff", first.face.id)
    with pytest.raises(SubjectWithoutFacesError):
        get("staff", ada)
