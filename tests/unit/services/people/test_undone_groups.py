"""Namings, splits, merges and ignoring of groups are undone as if they had never been."""

from collections.abc import Iterator, Sequence

import pytest

from app.domain.errors.corrections import OperationSupersededError, OperationUndoneError
from app.domain.people.sightings import Moment, Sighting, SightingFilter
from app.services.people.groups import Named
from app.services.people.review.denying import Negatives
from app.services.people.review.finding import Suggestions
from app.services.people.review.matching import Matcher
from tests.fakes.analyser import OneEncoder, picture
from tests.unit.services.people.test_joining import Inbox

EVERYTHING = SightingFilter()


class Undoing(Inbox):
    """An inbox in which Ada was seen five times and Bob three."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        suggestions = Suggestions(self.storage, OneEncoder(), self.candidates)
        self.matcher = Matcher(self.storage, OneEncoder(), self.candidates, suggestions)
        for take in range(5):
            self.see("Ada", take=take)
        for take in range(3):
            self.see("Bob", take=take)
        self.ada, self.bob = (one.group.id for one in self.pages.page("staff"))

    def all(self) -> Sequence[Sighting]:
        return self.sightings.list("staff", EVERYTHING, limit=100).items

    def facts(self) -> list[tuple[object, ...]]:
        """Everything that is told of the sightings, but for where their pictures lie."""
        return [
            (one.id, one.at, one.source, one.group_id, one.decision, one.subject_id, one.quality)
            for one in self.all()
        ]

    def undo(self, operation: str | None) -> str | None:
        assert operation is not None
        return self.corrections.undo("staff", operation).group_id

    def named(self, name: str = "Ada") -> Named:
        return self.groups.assign("staff", self.ada, new_subject=name)

    def images_of(self, wanted: SightingFilter) -> list[bytes]:
        found = self.sightings.list("staff", wanted, limit=100).items
        return [self.sightings.image("staff", one.id) for one in found if one.image_digest]


@pytest.fixture
def inbox(sqlite_database: str) -> Iterator[Undoing]:
    service = Undoing(sqlite_database)
    yield service
    service.close()


def test_a_naming_is_undone_as_if_it_had_never_been(inbox: Undoing) -> None:
    before, groups = inbox.facts(), inbox.pages.page("staff")
    pictures = inbox.images_of(SightingFilter(group_id=inbox.ada))
    named = inbox.named()
    assert inbox.sizes() == [3] and inbox.recognized(picture("Ada", take=8)) == ["Ada"]
    assert inbox.undo(named.operation_id) == inbox.ada
    assert inbox.facts() == before
    after = inbox.pages.page("staff")
    assert [one.group for one in after] == [one.group for one in groups]
    assert inbox.images_of(SightingFilter(group_id=inbox.ada)) == pictures
    assert inbox.subjects.find("staff", "Ada") is None
    assert inbox.recognized(picture("Ada", take=8)) == [None]
    assert inbox.recorder.flush(10)
    with inbox.storage.read() as uow:
        assert uow.faces.counts() == {"staff": 0}
        assert uow.images.count() == len(inbox.images.kept)
    (operation,) = inbox.corrections.list("staff")
    assert operation.operation.undone_at is not None and operation.faces == {}
    with pytest.raises(OperationUndoneError):
        inbox.undo(named.operation_id)
    # Who comes next joins the group that is back, in this process and in another one.
    inbox.see("Ada", take=9)
    assert inbox.group_of(7).group.id == inbox.ada and inbox.pages.waiting("staff") == 0


def test_it_can_be_named_again_and_undone_again(inbox: Undoing) -> None:
    before = inbox.facts()
    for name in ("Ada", "Adele"):
        inbox.undo(inbox.named(name).operation_id)
        inbox.joiner.run()
        assert inbox.facts() == before


def test_those_beyond_the_enrolled_are_back_in_the_group(
    inbox: Undoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.people.groups.MOST_OF_SEEN", 2)
    before = inbox.facts()
    named = inbox.named()
    assert (len(named.face_ids), named.seen) == (2, 3)
    inbox.undo(named.operation_id)
    assert inbox.facts() == before


def test_what_was_matched_again_is_nobodys_again(inbox: Undoing) -> None:
    with inbox.storage.write() as uow:  # a face that was not put into the group
        stray = inbox.all()[-1]
        uow.sightings.put_into_groups({stray.id: None})
    named = inbox.named()
    assert inbox.matcher.run() == 1 and inbox.all()[-1].decision == "known"
    inbox.undo(named.operation_id)
    assert (inbox.all()[-1].decision, inbox.all()[-1].subject_id) == ("unknown", None)
    inbox.joiner.run()
    assert inbox.all()[-1].group_id == inbox.ada


def test_a_subject_with_other_faces_keeps_what_those_find(inbox: Undoing) -> None:
    inbox.enrol("Ada", picture("Ada", take=20))
    subject = inbox.subjects.find("staff", "Ada")
    assert subject is not None
    with inbox.storage.write() as uow:
        uow.sightings.put_into_groups({inbox.all()[-1].id: None})
    named = inbox.groups.assign("staff", inbox.ada, subject_id=subject.id)
    inbox.matcher.run()
    done = inbox.corrections.undo("staff", named.operation_id or "")
    assert (done.moved, done.removed_subject_id) == (4, None)
    assert [one.decision for one in inbox.all()].count("known") == 0
    inbox.matcher.run()  # her own face finds them all, group or none
    assert [one.decision for one in inbox.all()].count("known") == 5


def test_whoever_was_recognized_meanwhile_is_nobody_when_the_subject_goes(inbox: Undoing) -> None:
    inbox.collections.update("staff", {"policy": {"remember": "all"}})
    named = inbox.named()
    inbox.see("Ada", take=9)
    assert inbox.all()[0].decision == "known"
    inbox.undo(named.operation_id)
    inbox.joiner.run()
    assert (inbox.all()[0].decision, inbox.all()[0].group_id) == ("unknown", inbox.ada)


def test_what_was_said_of_a_face_is_said_of_the_sighting_again(inbox: Undoing) -> None:
    inbox.enrol("Eve", picture("Eve"))
    eve = inbox.subjects.find("staff", "Eve")
    assert eve is not None
    sighting = inbox.ids(inbox.pages.get("staff", inbox.ada))[0]
    negatives = Negatives(inbox.storage)
    negatives.deny("staff", eve.id, sighting_ids=[sighting])
    named = inbox.named()
    (said,) = negatives.list("staff", eve.id)
    assert said.sighting_id is None and said.face_id in named.face_ids
    inbox.undo(named.operation_id)
    (said,) = negatives.list("staff", eve.id)
    assert (said.sighting_id, said.face_id) == (sighting, None)


def test_what_was_erased_meanwhile_stays_erased(inbox: Undoing) -> None:
    named = inbox.named()
    inbox.erasure.face("staff", named.face_ids[0])
    done = inbox.corrections.undo("staff", named.operation_id or "")
    assert (done.moved, done.group_id) == (4, inbox.ada) and inbox.sizes() == [4, 3]
    named = inbox.named("Again")
    inbox.erasure.faces_of("staff", named.subject.subject.id)
    done = inbox.corrections.undo("staff", named.operation_id or "")
    assert (done.moved, done.group_id, inbox.sizes()) == (0, None, [3])
    assert inbox.subjects.find("staff", "Again") is None


def test_the_ledger_knows_what_the_sighting_was(inbox: Undoing) -> None:
    """Whoever erases it erases the face too that a copy may have, and the other way round."""
    named = inbox.named()
    inbox.undo(named.operation_id)
    inbox.groups.discard("staff", inbox.ada)
    with inbox.storage.read() as uow:
        erased = {(one.kind, one.id) for one in uow.ledger.after(0, limit=100)}
    assert erased >= {("face", str(one)) for one in named.face_ids}
    assert len(erased) == 10


@pytest.mark.parametrize("change", ["moved", "merged", "erased"])
def test_what_cannot_be_undone_is_refused_and_nothing_is_changed(
    inbox: Undoing, change: str
) -> None:
    named = inbox.named()
    subject = named.subject.subject.id
    other = inbox.groups.assign("staff", inbox.bob, new_subject="Bob").subject.subject.id
    if change == "moved":
        done = inbox.corrections.move_faces("staff", named.face_ids[:1], other)
    elif change == "merged":
        done = inbox.corrections.merge("staff", other, subject)
    else:
        inbox.erasure.subject("staff", subject)
        with pytest.raises(Exception, match="no operation"):
            inbox.undo(named.operation_id)
        return
    before = inbox.facts()
    with pytest.raises(OperationSupersededError):
        inbox.undo(named.operation_id)
    assert inbox.facts() == before and done.operation is not None
    inbox.undo(done.operation.id)  # from the latest to the earliest
    assert inbox.undo(named.operation_id) == inbox.ada


def test_an_undo_that_fails_in_the_middle_changes_nothing(
    inbox: Undoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.storage.repositories.operations import SqlOperations

    named = inbox.named()
    before, files = inbox.facts(), set(inbox.images.kept)
    with monkeypatch.context() as broken:
        broken.setattr(SqlOperations, "settle", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            inbox.undo(named.operation_id)
    assert inbox.facts() == before and set(inbox.images.kept) == files
    assert inbox.recognized(picture("Ada", take=8)) == ["Ada"]
    assert inbox.undo(named.operation_id) == inbox.ada


def test_a_split_a_merge_and_ignoring_are_undone(inbox: Undoing) -> None:
    before = inbox.facts(), [one.group for one in inbox.pages.page("staff")]
    first = inbox.ids(inbox.pages.get("staff", inbox.ada))[:2]
    split = inbox.pages.split("staff", inbox.ada, first)
    merged = inbox.pages.merge("staff", inbox.bob, split.group.id)
    ignored = inbox.pages.ignore("staff", inbox.bob)
    assert inbox.sizes() == [3] and inbox.sizes(ignored=True) == [5]
    assert inbox.pages.ignore("staff", inbox.bob).operation_id is None
    with pytest.raises(OperationSupersededError):
        inbox.undo(split.operation_id)  # its faces are Bob's
    assert inbox.undo(ignored.operation_id) == inbox.bob and inbox.sizes() == [5, 3]
    assert inbox.undo(merged.operation_id) == inbox.bob
    assert inbox.pages.get("staff", split.group.id).group == split.group
    assert inbox.undo(split.operation_id) == inbox.ada
    assert (inbox.facts(), [one.group for one in inbox.pages.page("staff")]) == before


def test_a_change_of_a_group_that_has_a_name_since_is_not_undone(inbox: Undoing) -> None:
    first = inbox.ids(inbox.pages.get("staff", inbox.ada))[:2]
    split = inbox.pages.split("staff", inbox.ada, first)
    named = inbox.named()
    with pytest.raises(OperationSupersededError, match="gone"):
        inbox.undo(split.operation_id)
    inbox.undo(named.operation_id)
    assert inbox.undo(split.operation_id) == inbox.ada and inbox.sizes() == [5, 3]


def test_pages_go_by_time(inbox: Undoing) -> None:
    everything = inbox.all()
    inbox.undo(inbox.named().operation_id)
    last = Moment(everything[3].at, everything[3].id)
    page = inbox.sightings.list("staff", EVERYTHING, before=last, limit=2).items
    assert [one.id for one in page] == [one.id for one in everything[4:6]]
