"""Unknown faces join groups as they come; groups keep their ids; hands have the last word."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.sightings import UnknownGroupError
from app.domain.people.grouping import alike_others
from app.domain.people.sightings import SightingFilter
from app.services.people import compared, joining
from app.services.people.group_pages import GroupPages, GroupSummary
from app.services.people.joining import GroupJoiner
from app.services.people.regrouping import Regrouper
from app.services.people.review.denying import Negatives
from tests.fakes.analyser import OneEncoder, picture
from tests.fakes.service import Service


class Inbox(Service):
    """A collection that remembers who is unknown."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.collections.create("staff", policy={"remember": "unknown"})
        self.joiner = GroupJoiner(self.storage, OneEncoder(), self.groups)
        self.pages = GroupPages(self.storage)
        self.regrouper = Regrouper(self.storage, OneEncoder())

    def see(self, *people: str, take: int = 1) -> None:
        self.recognized(picture(*people, take=take))
        assert self.recorder.flush(10)
        self.joiner.run()

    def sizes(self, *, ignored: bool = False) -> list[int]:
        return [one.group.size for one in self.pages.page("staff", ignored=ignored)]

    def group_of(self, size: int) -> GroupSummary:
        return next(one for one in self.pages.page("staff") if one.group.size == size)

    def ids(self, group: GroupSummary) -> Sequence[int]:
        wanted = SightingFilter(group_id=group.group.id)
        return [one.id for one in self.sightings.list("staff", wanted).items]


@pytest.fixture
def inbox(sqlite_database: str) -> Iterator[Inbox]:
    service = Inbox(sqlite_database)
    yield service
    service.close()


def test_faces_join_as_they_come_and_groups_keep_their_ids(inbox: Inbox) -> None:
    inbox.see("Ada", "Bob")
    assert inbox.sizes() == []
    inbox.see("Ada", take=2)
    (ada,) = inbox.pages.page("staff")
    assert ada.group.size == 2 and len(ada.faces) == 2 and ada.nearest == []
    for take in (3, 4):
        inbox.see("Ada", "Bob", take=take)
    assert inbox.sizes() == [4, 3]
    assert inbox.pages.page("staff")[0].group.id == ada.group.id
    assert inbox.pages.waiting("staff") == 0
    # Another process knows what this one has grouped.
    inbox.joiner = GroupJoiner(inbox.storage, OneEncoder(), inbox.groups)
    inbox.see("Bob", "Carol", take=5)
    assert inbox.sizes() == [4, 4]


def test_two_processes_take_turns(inbox: Inbox) -> None:
    other = GroupJoiner(inbox.storage, OneEncoder(), inbox.groups)
    for take in range(6):
        inbox.see("Ada", take=take)
        inbox.joiner, other = other, inbox.joiner
    assert inbox.sizes() == [6]


def test_many_at_once_are_as_many_one_by_one(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "_MANY", 4)
    for take in range(4):
        inbox.recognized(picture("Ada", "Bob", take=take))
    assert inbox.recorder.flush(10)
    assert inbox.joiner.run() == 8 and inbox.sizes() == [4, 4]


def test_who_is_seen_all_day_fills_no_memory(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compared, "OF_A_GROUP", 3)
    for take in range(9):
        inbox.see("Ada", take=take)
    (held,) = inbox.joiner._compared.values()
    assert inbox.sizes() == [9] and len(held) <= 5


def test_a_group_outlives_its_first_faces(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compared, "OF_A_GROUP", 2)
    for take in range(6):
        inbox.see("Ada", take=take)
    (ada,) = inbox.pages.page("staff")
    newest = inbox.sightings.list("staff", SightingFilter(), limit=2).items
    inbox.erasure.sightings("staff", SightingFilter(until=newest[-1].at))
    inbox.see("Ada", take=9)
    (still,) = inbox.pages.page("staff")
    assert (still.group.id, still.group.size) == (ada.group.id, 3)


def test_the_oldest_make_room(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compared, "MOST_COMPARED", 10)
    inbox.see("Ada")
    for take in range(12):
        inbox.see(f"Stranger {take}")
    inbox.see("Ada", take=2)
    inbox.see("Stranger 11", take=2)
    assert inbox.sizes() == [2]


def test_a_named_group_ends_and_its_person_is_known(inbox: Inbox) -> None:
    for take in range(3):
        inbox.see("Ada", take=take)
    (ada,) = inbox.pages.page("staff")
    named = inbox.groups.assign("staff", ada.group.id, new_subject="Ada")
    assert (named.subject.faces, named.seen, inbox.sizes()) == (3, 0, [])
    inbox.see("Ada", take=9)
    assert inbox.sizes() == [] and inbox.pages.waiting("staff") == 0
    with pytest.raises(UnknownGroupError):
        inbox.pages.get("staff", ada.group.id)


def test_of_those_seen_often_the_best_are_enrolled(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.people.groups.MOST_OF_SEEN", 2)
    for take in range(5):
        inbox.see("Ada", take=take)
    (ada,) = inbox.pages.page("staff")
    named = inbox.groups.assign("staff", ada.group.id, new_subject="Ada")
    assert (named.subject.faces, named.seen, named.left) == (2, 3, 0)
    subject = named.subject.subject.id
    kept = inbox.sightings.list("staff", SightingFilter(subject_id=subject)).items
    assert [one.decision for one in kept] == ["known"] * 3
    assert inbox.erasure.subject("staff", subject).removed.sightings == 3


def test_groups_are_split_merged_and_ignored_by_hand(inbox: Inbox) -> None:
    for take in range(4):
        inbox.see("Ada", "Bob", take=take)
    ada, bob = inbox.pages.page("staff")
    first = inbox.ids(ada)[0]
    split = inbox.pages.split("staff", ada.group.id, [first])
    assert split.group.size == 1 and inbox.sizes() == [4, 3, 1]
    inbox.regrouper.run(ada.group.collection_id)
    assert inbox.sizes() == [4, 3, 1]
    merged = inbox.pages.merge("staff", ada.group.id, split.group.id)
    assert merged.group.size == 4 and inbox.sizes() == [4, 4]
    inbox.pages.ignore("staff", bob.group.id)
    inbox.see("Ada", "Bob", take=9)
    assert inbox.sizes() == [5] and inbox.sizes(ignored=True) == [5]
    inbox.pages.ignore("staff", bob.group.id, ignored=False)
    assert inbox.sizes() == [5, 5]
    for wrong in ([], [first, 10**9], inbox.ids(bob), [*inbox.ids(merged)]):
        with pytest.raises(InvalidRequestError):
            inbox.pages.split("staff", ada.group.id, wrong)
    with pytest.raises(InvalidRequestError):
        inbox.pages.merge("staff", ada.group.id, ada.group.id)
    with pytest.raises(UnknownGroupError):
        inbox.pages.merge("staff", ada.group.id, "nothing")


def test_pages_of_groups(inbox: Inbox) -> None:
    for person, count in (("Ada", 4), ("Bob", 2), ("Carol", 2), ("Dan", 3)):
        for take in range(count):
            inbox.see(person, take=take)
    sizes, after = [], None
    while found := inbox.pages.page("staff", after=after, limit=1):
        sizes.append(found[0].group.size)
        after = found[0].group.size, found[0].group.id
    assert sizes == [4, 3, 2, 2]


def test_regrouping_mends_what_order_has_done_and_keeps_ids(inbox: Inbox) -> None:
    for take in range(4):
        inbox.see("Ada", "Bob", take=take)
    ada, bob = inbox.pages.page("staff")
    with inbox.storage.write() as uow:  # as if one of Ada's had come when nobody was like it
        stray = inbox.ids(ada)[-1]
        uow.sightings.put_into_groups({stray: None, inbox.ids(bob)[0]: ada.group.id})
    done = inbox.regrouper.run(ada.group.collection_id)
    assert (done.faces, done.compared, done.moved, done.groups) == (8, 8, 2, 2)
    assert {(one.group.id, one.group.size) for one in inbox.pages.page("staff")} == {
        (ada.group.id, 4),
        (bob.group.id, 4),
    }


def test_what_somebody_does_meanwhile_is_not_overwritten(inbox: Inbox) -> None:
    for take in range(3):
        inbox.see("Ada", take=take)
    (ada,) = inbox.pages.page("staff")
    ids = inbox.ids(ada)
    was = dict.fromkeys(ids, ada.group.id)
    split = inbox.pages.split("staff", ada.group.id, ids[:1])
    with inbox.storage.write() as uow:
        uow.sightings.put_into_groups({ids[0]: ada.group.id}, was)
    assert inbox.ids(split) == [ids[0]]
    inbox.groups.assign("staff", ada.group.id, new_subject="Ada")
    inbox.see("Stranger")
    (stranger,) = inbox.sightings.list("staff", SightingFilter(alone=True)).items
    with inbox.storage.write() as uow:
        uow.sightings.put_into_groups({stranger.id: ada.group.id}, was | {stranger.id: None})
    with pytest.raises(UnknownGroupError):
        inbox.pages.get("staff", ada.group.id)


def test_a_group_tells_who_is_nearest(inbox: Inbox) -> None:
    subject = inbox.enrol("Dora", picture("Dora"))[0].face
    assert subject is not None
    for take in range(2):
        inbox.see("Ada", take=take)
    (ada,) = inbox.pages.page("staff")
    (nearest,) = ada.nearest
    assert (nearest.subject.name, nearest.faces, nearest.fmr) == ("Dora", 2, None)
    # Until somebody says that it is not she; which can be taken back.
    negatives = Negatives(inbox.storage)
    denied = negatives.deny("staff", nearest.subject.id, sighting_ids=inbox.ids(ada)[:1])
    assert [one.faces for one in inbox.pages.page("staff")[0].nearest] == [1]
    negatives.deny("staff", nearest.subject.id, sighting_ids=inbox.ids(ada))
    assert inbox.pages.get("staff", ada.group.id).nearest == []
    inbox.corrections.undo("staff", denied.operation_id)
    assert [one.faces for one in inbox.pages.page("staff")[0].nearest] == [1]


def test_of_more_alike_ones_than_are_kept_the_most_alike_are() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(200, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    hits = alike_others(vectors[:1], vectors, -1.0)
    assert set(hits.second.tolist()) == set(np.argsort(-(vectors @ vectors[0]))[:64].tolist())
