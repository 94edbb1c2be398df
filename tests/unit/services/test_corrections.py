"""Moving faces, merging and splitting subjects, and undoing each of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors.corrections import (
    OperationSupersededError,
    OperationUndoneError,
    UnknownOperationError,
)
from app.domain.errors.gallery import (
    DuplicateSubjectError,
    UnknownFaceError,
    UnknownSubjectError,
)
from app.domain.errors.requests import InvalidRequestError
from app.domain.people.corrections import MOST_FACES, UNDO_FOR
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.enrolling.judging import EnrolmentResult
from app.services.gallery.corrections import Corrections
from app.services.gallery.idempotency import Idempotency, StoredAnswer
from tests.fakes.analyser import picture
from tests.fakes.service import Service

ADA, BOB = "Ada", "Bob"


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Service]:
    """Ada with three faces, the last of them Bob's; Bob with one."""
    service = Service(sqlite_database)
    service.collections.create("staff")
    service.enrol(ADA, picture(ADA), picture(ADA, take=2), picture(BOB, take=2))
    service.enrol(BOB, picture(BOB))
    yield service
    service.close()


def subject(service: Service, name: str) -> str:
    return service.subjects.get_or_create("staff", name).id


def faces(service: Service) -> dict[str, list[int]]:
    """Ids of faces by the name of the subject."""
    with service.storage.read() as uow:
        gallery = uow.collections.get("staff")
        subjects = uow.subjects.list(gallery.id, after=None, limit=99)
        return {s.name: sorted(uow.faces.ids_of_subjects([s.id])) for s in subjects}


def state(service: Service) -> list[tuple[object, ...]]:
    """Everything about subjects and faces but the times of changes."""
    with service.storage.read() as uow:
        gallery = uow.collections.get("staff")
        subjects = uow.subjects.list(gallery.id, after=None, limit=99)
        rows = uow.faces.list(gallery.id, limit=99)
        return [(s.id, s.name, s.external_id, s.metadata, s.created_at) for s in subjects] + [
            (f.id, f.subject_id, f.image_digest) for f in rows
        ]


def test_a_face_that_is_somebody_else_moves_without_a_line_in_the_log(staff: Service) -> None:
    third = faces(staff)[ADA][2]
    with staff.storage.read() as uow:
        head = uow.changes.head()
    before = state(staff)
    done = staff.corrections.move_faces("staff", [third, third], subject(staff, BOB))
    assert (done.moved, done.subject.faces, done.subject.subject.name) == (1, 2, BOB)
    assert third in faces(staff)[BOB] and third not in faces(staff)[ADA]
    with staff.storage.read() as uow:
        assert uow.changes.head() == head
    assert staff.recognized(picture(BOB, take=2)) == [BOB]

    assert done.operation is not None
    undone = staff.corrections.undo("staff", done.operation.id)
    assert (undone.moved, undone.restored_subject_id) == (1, None)
    assert state(staff) == before
    with pytest.raises(OperationUndoneError):
        staff.corrections.undo("staff", done.operation.id)


def test_all_of_the_faces_are_moved_or_none(staff: Service) -> None:
    before, mine = state(staff), faces(staff)
    staff.collections.create("other")
    other = staff.subjects.create("other", "Eve").subject.id
    for ids in ([*mine[ADA], 10**9], [0], [-5], [2**70]):
        with pytest.raises(UnknownFaceError):
            staff.corrections.move_faces("staff", ids, subject(staff, BOB))
    with pytest.raises(UnknownFaceError):
        staff.corrections.move_faces("other", mine[ADA], other)
    with pytest.raises(UnknownSubjectError):
        staff.corrections.move_faces("staff", mine[ADA], other)
    for ids in ([], list(range(1, MOST_FACES + 2))):
        with pytest.raises(InvalidRequestError):
            staff.corrections.move_faces("staff", ids, subject(staff, BOB))
    with pytest.raises(DuplicateSubjectError):
        staff.corrections.split("staff", mine[ADA], BOB)
    assert state(staff) == before and not staff.corrections.list("staff")


def test_nothing_to_move_is_no_operation(staff: Service) -> None:
    done = staff.corrections.move_faces("staff", faces(staff)[BOB], subject(staff, BOB))
    assert (done.operation, done.moved, done.subject.faces) == (None, 0, 1)


def test_a_merge_is_undone_with_everything_that_the_subject_had(staff: Service) -> None:
    staff.subjects.update(
        "staff", subject(staff, BOB), {"external_id": "b-1", "metadata": {"floor": [3, "ü"]}}
    )
    before, bob = state(staff), subject(staff, BOB)
    done = staff.corrections.merge("staff", subject(staff, ADA), bob)
    assert (done.moved, done.subject.faces) == (1, 4)
    assert list(faces(staff)) == [ADA]
    with pytest.raises(InvalidRequestError):
        staff.corrections.merge("staff", subject(staff, ADA), subject(staff, ADA))
    assert done.operation is not None
    recorded = staff.corrections.list("staff")
    assert recorded[0].operation.absorbed is not None and len(recorded[0].faces) == 1
    assert staff.corrections.undo("staff", done.operation.id).restored_subject_id == bob
    assert state(staff) == before
    assert staff.corrections.list("staff")[0].operation.absorbed is None


def test_a_split_takes_its_new_subject_back_unless_it_has_become_more(staff: Service) -> None:
    before = state(staff)
    for more in (None, {"metadata": {"seen": 1}}):
        done = staff.corrections.split("staff", faces(staff)[ADA][2:], " Carol ")
        assert (done.subject.subject.name, done.moved) == ("Carol", 1)
        made = done.subject.subject.id
        if more:
            staff.subjects.update("staff", made, more)
        assert done.operation is not None
        removed = staff.corrections.undo("staff", done.operation.id).removed_subject_id
        assert removed == (None if more else made)
        assert (state(staff) == before) is (more is None)
    assert faces(staff)["Carol"] == []


def test_later_corrections_are_undone_first(staff: Service) -> None:
    before, face = state(staff), faces(staff)[ADA][2]
    first = staff.corrections.move_faces("staff", [face], subject(staff, BOB)).operation
    second = staff.corrections.split("staff", [face], "Carol").operation
    third = staff.corrections.merge("staff", subject(staff, BOB), subject(staff, ADA)).operation
    assert first and second and third
    for early in (first, second):
        with pytest.raises(OperationSupersededError):
            staff.corrections.undo("staff", (first if early is second else early).id)
    for operation in (third, second, first):
        staff.corrections.undo("staff", operation.id)
    assert state(staff) == before


def test_an_undo_that_cannot_be_done_changes_nothing(staff: Service) -> None:
    done = staff.corrections.merge("staff", subject(staff, ADA), subject(staff, BOB)).operation
    staff.subjects.create("staff", BOB)
    before = state(staff)
    assert done
    with pytest.raises(DuplicateSubjectError):
        staff.corrections.undo("staff", done.id)
    assert state(staff) == before
    staff.erasure.subject("staff", subject(staff, BOB))
    staff.corrections.undo("staff", done.id)
    with pytest.raises(UnknownOperationError):
        staff.corrections.undo("staff", "nothing")
    staff.collections.create("other")
    with pytest.raises(UnknownOperationError):
        staff.corrections.undo("other", done.id)


def test_faces_erased_meanwhile_stay_erased(staff: Service) -> None:
    done = staff.corrections.merge("staff", subject(staff, BOB), subject(staff, ADA)).operation
    gone = faces(staff)[BOB][0]
    staff.erasure.face("staff", gone)
    assert done and staff.corrections.undo("staff", done.id).moved == 2
    assert gone not in faces(staff)[ADA] and len(faces(staff)[ADA]) == 2


def test_an_erasure_takes_the_records_about_a_person_along(staff: Service) -> None:
    """Also those of whom the erased subject had absorbed, over several merges."""
    staff.enrol("Carol", picture("Carol"))
    staff.enrol("Dan", picture("Dan"))
    staff.corrections.merge("staff", subject(staff, BOB), subject(staff, ADA))
    staff.corrections.merge("staff", subject(staff, "Carol"), subject(staff, BOB))
    staff.corrections.move_faces("staff", faces(staff)["Dan"], subject(staff, "Carol"))
    receipt = staff.erasure.subject("staff", subject(staff, "Carol"), dry_run=True)
    assert receipt.removed.operations == 3 and len(staff.corrections.list("staff")) == 3
    assert staff.erasure.subject("staff", subject(staff, "Carol")).removed.operations == 3
    assert staff.corrections.list("staff") == []


def test_stored_answers_about_the_former_subject_go(staff: Service) -> None:
    once: Idempotency[Sequence[EnrolmentResult]] = Idempotency(
        "key", "once", "native", lambda results: StoredAnswer(201, {})
    )
    bob = subject(staff, BOB)
    image = picture(BOB, take=3)
    staff.enroller.enrol("staff", bob, [image], EnrolmentOptions(), once)
    staff.corrections.move_faces("staff", faces(staff)[BOB], subject(staff, ADA))
    with staff.storage.read() as uow:
        assert uow.idempotency.get("key", "once") is None


def test_a_record_is_forgotten_after_thirty_days(staff: Service) -> None:
    now = datetime.now(UTC)
    corrections = Corrections(staff.storage, staff.naming_undo, lambda: now)
    done = corrections.merge("staff", subject(staff, ADA), subject(staff, BOB)).operation
    now += UNDO_FOR - timedelta(seconds=1)
    assert corrections.list("staff") and corrections.forget_old() == 0
    now += timedelta(seconds=2)
    assert corrections.list("staff") == [] and done
    with pytest.raises(UnknownOperationError):
        corrections.undo("staff", done.id)
    assert corrections.forget_old() == 1


def test_the_list_is_newest_first_and_comes_in_pages(staff: Service) -> None:
    ids, face = [], faces(staff)[BOB]
    for name in ("one", "two", "three"):
        done = staff.corrections.split("staff", face, name)
        ids.append(done.operation.id if done.operation else "")
    page = staff.corrections.list("staff", limit=2)
    assert [row.operation.id for row in page] == sorted(ids, reverse=True)[:2]
    rest = staff.corrections.list("staff", before=page[-1].operation.id, limit=2)
    assert [row.operation.id for row in rest] == sorted(ids)[:1]
