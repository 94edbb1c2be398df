"""Suggestions are accepted or refused in one call; a refusal lasts, and recognition heeds it."""

from collections.abc import Iterator, Sequence

import pytest

from app.domain.errors.gallery import UnknownFaceError
from app.domain.errors.people import UnknownNegativeError, UnknownSuggestionError
from app.domain.errors.requests import InvalidRequestError
from app.domain.people.sightings import SightingFilter
from app.services.deciding.verification import VerificationOptions
from app.services.people.group_pages import GroupPages
from app.services.people.joining import GroupJoiner
from app.services.people.review.answering import Reviews, Waiting
from app.services.people.review.denying import Negatives
from app.services.people.review.finding import Suggestions
from app.services.people.review.matching import Matcher
from app.services.people.unnamed import UnnamedPicture
from tests.fakes.analyser import OneEncoder, picture
from tests.fakes.service import Service


class Reviewed(Service):
    """A collection that remembers who is unknown, and its review."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.collections.create("staff", policy={"remember": "all"})
        self.joiner = GroupJoiner(self.storage, OneEncoder(), self.groups)
        self.suggestions = Suggestions(self.storage, OneEncoder(), self.candidates)
        self.matcher = Matcher(self.storage, OneEncoder(), self.candidates, self.suggestions)
        self.reviews = Reviews(self.storage, self.groups, self.corrections)
        self.negatives = Negatives(self.storage)
        self.pages = GroupPages(self.storage)

    def see(self, *people: str, take: int = 1) -> list[str | None]:
        found = self.recognized(picture(*people, take=take))
        assert self.recorder.flush(10)
        self.joiner.run()
        return found

    def unnamed(self, *people: str, takes: Sequence[int]) -> None:
        """Import pictures without names: nothing gives these faces to anybody by itself."""
        pictures = [picture(*people, take=take) for take in takes]
        items = [UnnamedPicture(f"{people}{i}", lambda p=p: p) for i, p in enumerate(pictures)]  # type: ignore[misc]
        list(self.unnamed_importer.run("staff", items, workers=1))
        self.groups.refresh("staff")

    def found(self) -> Sequence[Waiting]:
        self.suggestions.find("staff")
        return self.reviews.list("staff")

    def kinds(self) -> list[str]:
        return [one.stored.suggestion.kind for one in self.found()]

    def subject(self, name: str) -> str:
        found = self.subjects.find("staff", name)
        assert found is not None
        return found.id

    def matches(self, name: str, who: str, *, take: int) -> tuple[bool, bool]:
        """Whether a claim holds, and whether a negative denies it."""
        shown = picture(who, take=take)
        subject = self.subject(name)
        verdict = self.verifier.claim("staff", subject, shown, VerificationOptions()).verdict
        return verdict.match, verdict.denied


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Reviewed]:
    service = Reviewed(sqlite_database)
    yield service
    service.close()


def test_a_group_that_is_a_subject_is_accepted_in_one_call(staff: Reviewed) -> None:
    staff.enrol("Ada", picture("Ada", take=9))
    staff.unnamed("Ada", takes=[1, 2])
    (one,) = staff.found()
    assert one.stored.suggestion.kind == "group-is-subject" and one.size == 2
    assert one.stored.suggestion.likelihood > 0.99
    assert [s.name for s in one.subjects.values()] == ["Ada"]
    assert staff.suggestions.find("staff").suggestions == 1  # found again, it is the same
    (again,) = staff.reviews.list("staff")
    assert again.stored == one.stored
    done = staff.reviews.accept("staff", one.stored.id)
    assert done.faces == 2 and done.subject is not None and done.subject.faces == 3
    assert staff.reviews.list("staff") == []
    with pytest.raises(UnknownSuggestionError):
        staff.reviews.accept("staff", one.stored.id)


def test_a_refusal_is_remembered_heeded_and_undone(staff: Reviewed) -> None:
    staff.enrol("Ada", picture("Ada", take=9))
    staff.unnamed("Ada", takes=[1, 2])  # her twin
    (one,) = staff.found()
    done = staff.reviews.refuse("staff", one.stored.id)
    assert (done.accepted, done.negatives) == (False, 2)
    assert staff.kinds() == []
    with pytest.raises(UnknownSuggestionError):
        staff.reviews.refuse("staff", one.stored.id)
    # Nearer to a negative than to her own face, and the other way round.
    assert staff.recognized(picture("Ada", take=1)) == [None]
    assert staff.recognized(picture("Ada", take=9)) == ["Ada"]
    assert staff.matches("Ada", "Ada", take=1) == (False, True)
    assert staff.matches("Ada", "Ada", take=9) == (True, False)
    assert done.operation_id is not None
    undone = staff.corrections.undo("staff", done.operation_id)
    assert (undone.moved, undone.operation.kind) == (0, "refuse")
    assert staff.recognized(picture("Ada", take=1)) == ["Ada"]
    assert staff.kinds() == ["group-is-subject"]


def test_a_stranger_seen_often_gets_a_name_or_is_ignored(staff: Reviewed) -> None:
    staff.enrol("Ada", picture("Ada", take=9))
    for take in range(1, 7):
        staff.see("Bob", "Carol", take=take)
    both = staff.found()
    assert [one.stored.suggestion.kind for one in both] == ["group-often-seen"] * 2
    named = staff.reviews.accept("staff", both[0].stored.id, new_subject="Bob")
    refused = staff.reviews.refuse("staff", both[1].stored.id)
    assert named.faces == 6 and named.subject and named.subject.subject.name == "Bob"
    assert staff.found() == [] and len(staff.pages.page("staff", ignored=True)) == 1
    assert refused.operation_id is not None
    staff.corrections.undo("staff", refused.operation_id)
    assert staff.kinds() == ["group-often-seen"]
    (left,) = staff.reviews.list("staff")
    unnamed = staff.reviews.accept("staff", left.stored.id).subject
    assert unnamed is not None and unnamed.subject.name.startswith("Stranger ")


def test_subjects_that_are_one_are_merged_unless_refused(staff: Reviewed) -> None:
    staff.enrol("Ada", picture("Ada", take=1), picture("Ada", take=2))
    staff.enrol("Lovelace", picture("Ada", take=3))
    (one,) = staff.found()
    assert one.stored.suggestion.kind == "subjects-are-one"
    with pytest.raises(InvalidRequestError):
        staff.reviews.accept("staff", one.stored.id, new_subject="Third")
    refused = staff.reviews.refuse("staff", one.stored.id)
    assert staff.found() == [] and refused.operation_id is not None
    # It holds for whoever absorbs one of them, and for that one again once it is back.
    staff.enrol("Empty", picture("Zoe"))
    empty, ada = staff.subject("Empty"), staff.subject("Ada")
    merged = staff.corrections.merge("staff", empty, ada)
    assert "subjects-are-one" not in staff.kinds()
    assert merged.operation is not None
    staff.corrections.undo("staff", merged.operation.id)
    assert "subjects-are-one" not in staff.kinds()
    staff.corrections.undo("staff", refused.operation_id)
    (one,) = staff.found()
    done = staff.reviews.accept("staff", one.stored.id)
    assert done.subject is not None and done.subject.subject.name == "Ada"
    assert (done.faces, done.subject.faces) == (1, 3) and done.operation_id is not None
    staff.corrections.undo("staff", done.operation_id)
    assert staff.kinds() == ["subjects-are-one"]


def test_a_face_that_is_not_its_subject_goes_to_whose_it_is(staff: Reviewed) -> None:
    staff.enrol("Ada", *(picture("Ada", take=take) for take in (1, 2, 3)))
    staff.enrol("Bob", *(picture("Bob", take=take) for take in (1, 2)), picture("Ada", take=7))
    (one,) = staff.found()
    assert one.stored.suggestion.kind == "face-not-subject"
    wrong = one.stored.suggestion.face_id
    assert wrong is not None
    refused = staff.reviews.refuse("staff", one.stored.id)
    assert staff.found() == []
    assert staff.recognized(picture("Ada", take=7)) == ["Bob"]
    staff.corrections.undo("staff", refused.operation_id or "")
    done = staff.reviews.accept("staff", one.stored.id)
    assert done.subject is not None and done.subject.subject.name == "Ada" and done.faces == 1
    assert staff.recognized(picture("Ada", take=7)) == ["Ada"] and staff.found() == []


def test_a_face_that_is_nobodys_becomes_a_subject(staff: Reviewed) -> None:
    staff.enrol("Ada", *(picture("Ada", take=take) for take in (1, 2)), picture("Zoe"))
    (one,) = staff.found()
    done = staff.reviews.accept("staff", one.stored.id)
    face = one.stored.suggestion.face_id
    assert done.subject is not None and done.subject.subject.name == f"Ada (face {face})"


def test_old_sightings_are_matched_again_after_a_naming(staff: Reviewed) -> None:
    for take in (1, 2, 3):
        assert staff.see("Ada", "Bob", take=take) == [None, None]
    staff.enrol("Ada", picture("Ada", take=9))
    assert staff.matcher.run() == 3
    assert staff.matcher.run() == 0
    known = staff.sightings.list("staff", SightingFilter(decision="known")).items
    assert len(known) == 3 and {one.subject_id for one in known} == {staff.subject("Ada")}
    assert [one.group.size for one in staff.pages.page("staff")] == [3]
    # Whoever is denied is not matched.
    unknown = staff.sightings.list("staff", SightingFilter(decision="unknown")).items
    staff.enrol("Bill", picture("Carol"))
    staff.negatives.deny("staff", staff.subject("Bill"), sighting_ids=[unknown[0].id])
    staff.enrol("Bill", picture("Bob", take=8))
    assert staff.matcher.run() == 0


def test_a_sighting_that_was_taken_for_somebody_is_nobodys_once_denied(staff: Reviewed) -> None:
    staff.enrol("Ada", picture("Ada", take=9))
    assert staff.see("Ada", take=1) == ["Ada"]
    (seen,) = staff.sightings.list("staff", SightingFilter()).items
    done = staff.negatives.deny("staff", staff.subject("Ada"), sighting_ids=[seen.id])
    assert (done.negatives, done.unknown) == (1, 1)
    assert staff.sightings.list("staff", SightingFilter()).items[0].decision == "unknown"
    assert staff.recognized(picture("Ada", take=1)) == [None]
    again = staff.negatives.deny("staff", staff.subject("Ada"), sighting_ids=[seen.id])
    assert again.negatives == 0
    staff.corrections.undo("staff", done.operation_id)
    assert staff.sightings.list("staff", SightingFilter()).items[-1].decision == "known"
    assert staff.recognized(picture("Ada", take=1)) == ["Ada"]


def test_a_negative_follows_its_face_and_ends_with_it(staff: Reviewed) -> None:
    staff.enrol("Ada", picture("Ada", take=9))
    staff.unnamed("Ada", takes=[1, 2])
    (one,) = staff.found()
    staff.reviews.refuse("staff", one.stored.id)
    named = staff.groups.assign("staff", one.stored.suggestion.group_id or "", new_subject="Twin")
    ada, twin = staff.subject("Ada"), staff.subject("Twin")
    held = staff.negatives.list("staff", ada)
    assert {n.face_id for n in held} == set(named.face_ids) and held[0].sighting_id is None
    # A face that has become hers after all speaks for her.
    staff.corrections.move_faces("staff", named.face_ids, ada)
    assert staff.recognized(picture("Ada", take=1)) == ["Ada"]
    (move, *_) = staff.corrections.list("staff")
    staff.corrections.undo("staff", move.operation.id)
    assert staff.recognized(picture("Ada", take=1)) == ["Twin"]
    staff.erasure.subject("staff", twin)
    assert staff.negatives.list("staff", ada) == []
    assert staff.recognized(picture("Ada", take=1)) == ["Ada"]


def test_negatives_go_with_subjects_and_are_taken_back(staff: Reviewed) -> None:
    staff.enrol("Ada", picture("Ada", take=9))
    staff.enrol("Bob", picture("Bob"))
    ada, bob = staff.subject("Ada"), staff.subject("Bob")
    (own,) = staff.enrol("Ada", picture("Ada", take=2))
    (other,) = staff.enrol("Bob", picture("Bob", take=2))
    assert own.face is not None and other.face is not None
    for wrong in (own.face.id, 10**6):
        with pytest.raises((InvalidRequestError, UnknownFaceError)):
            staff.negatives.deny("staff", ada, face_ids=[other.face.id, wrong])
    with pytest.raises(InvalidRequestError):
        staff.negatives.deny("staff", ada)
    assert staff.negatives.list("staff", ada) == []  # all or nothing
    staff.negatives.deny("staff", ada, face_ids=[other.face.id])
    merged = staff.corrections.merge("staff", bob, ada)
    assert len(staff.negatives.list("staff", bob)) == 1
    assert merged.operation is not None
    staff.corrections.undo("staff", merged.operation.id)
    (held,) = staff.negatives.list("staff", ada)
    with pytest.raises(UnknownNegativeError):
        staff.negatives.forget("staff", bob, held.id)
    staff.negatives.forget("staff", ada, held.id)
    staff.negatives.deny("staff", ada, face_ids=[other.face.id])
    staff.erasure.subject("staff", ada)
    with staff.storage.read() as uow:
        gallery = uow.collections.get("staff")
        assert uow.negatives.faces(gallery.id) == frozenset()


def test_without_negatives_nothing_is_asked(
    staff: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.storage.repositories.people.negatives import SqlNegatives

    def fail(*_: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(SqlNegatives, "templates", fail)
    staff.enrol("Ada", picture("Ada", take=9))
    assert staff.recognized(picture("Ada", take=1)) == ["Ada"]


def test_a_failure_leaves_nothing_half_done(
    staff: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.storage.repositories.operations import SqlOperations

    staff.enrol("Ada", picture("Ada", take=9))
    staff.unnamed("Ada", takes=[1, 2])
    (one,) = staff.found()

    def fail(*_: object) -> None:
        raise RuntimeError("the machine went away")

    with monkeypatch.context() as broken:
        broken.setattr(SqlOperations, "add", fail)
        with pytest.raises(RuntimeError):
            staff.reviews.refuse("staff", one.stored.id)
    assert staff.reviews.list("staff") == [one]
    assert staff.negatives.list("staff", staff.subject("Ada")) == []
    assert staff.recognized(picture("Ada", take=1)) == ["Ada"]
