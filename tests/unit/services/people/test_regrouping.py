"""Joining one by one and grouping anew agree: nothing is torn, and nothing moves twice."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest

from app.domain.faces import Box, Pose, Quality
from app.domain.people import grouping
from app.domain.people.grouping import Vectors, group
from app.domain.people.sightings import NewSighting
from app.services.people import joining, regrouping
from app.services.people.group_pages import GroupPages
from app.services.people.joining import GroupJoiner
from app.services.people.regrouping import Regrouped, Regrouper
from tests.fakes.analyser import DIMENSION, ENCODER, OneEncoder
from tests.fakes.service import Service


class Inbox(Service):
    """A collection of faces that nobody has named."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.gallery = self.collections.create("staff").id
        self.joiner = GroupJoiner(self.storage, OneEncoder(), self.groups)
        self.regrouper = Regrouper(self.storage, OneEncoder())
        self.pages = GroupPages(self.storage)

    def keep(self, vectors: Vectors) -> None:
        box, marks = Box(0, 0, 90, 90), np.zeros((5, 2), np.float32)
        with self.storage.write() as uow:
            for one in vectors:
                uow.sightings.add(
                    NewSighting(
                        collection_id=self.gallery,
                        encoder=ENCODER,
                        template=one,
                        at=datetime.now(UTC),
                        source="door",
                        source_digest=None,
                        box=box,
                        landmarks=marks,
                        probability=0.9,
                        pose=Pose(0, 0, 0),
                        quality=Quality(0.9),
                        image_digest=None,
                        decision="unknown",
                    )
                )

    def names(self) -> dict[int, str | None]:
        with self.storage.read() as uow:
            return {one.id: one.group_id for one in uow.sightings.list(self.gallery, limit=1_000)}


@pytest.fixture
def inbox(sqlite_database: str) -> Iterator[Inbox]:
    service = Inbox(sqlite_database)
    yield service
    service.close()


def faces(people: int, each: int, noise: float, seed: int = 0) -> Vectors:
    """Faces of people in turn, some of whom are hard to tell apart."""
    rng = np.random.default_rng(seed)
    centers = rng.normal(size=(people, DIMENSION))
    centers[1::2] += (
        0.3 * centers[: people // 2 * 2 : 2]
    )  # every second one resembles the one before
    centers /= np.linalg.norm(centers, axis=1, keepdims=True)
    vectors = np.tile(centers, (each, 1))
    vectors += noise / np.sqrt(DIMENSION) * rng.normal(size=vectors.shape)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_what_has_joined_is_not_torn_by_whoever_comes_and_settles(inbox: Inbox) -> None:
    vectors = faces(20, 6, 0.75)
    settled: list[dict[int, str | None]] = []
    for begin in range(0, len(vectors), 15):
        before = inbox.names()
        inbox.keep(vectors[begin : begin + 15])
        inbox.joiner.run()
        after = inbox.names()
        assert all(after[one] == name for one, name in before.items() if name is not None)
        inbox.regrouper.run(inbox.gallery)
        again = inbox.regrouper.run(inbox.gallery)
        assert again.moved == 0 and again.compared == len(after)
        settled.append(inbox.names())
        assert inbox.joiner.run() == 0 and inbox.names() == settled[-1]
    # Ids last: of those in a group most are in the same one as before whenever some more have come.
    kept = [
        now[one] == name
        for then, now in itertools.pairwise(settled)
        for one, name in then.items()
        if name is not None
    ]
    assert sum(kept) > 0.9 * len(kept) and len({*settled[-1].values()}) >= 20


def test_joining_as_they_come_is_nearly_grouping_anew(inbox: Inbox) -> None:
    vectors = faces(12, 6, 0.6, seed=1)
    for one in vectors:
        inbox.keep(one[None])
        inbox.joiner.run()
    assert inbox.regrouper.run(inbox.gallery).moved <= 0.1 * len(vectors)


def test_what_has_grown_by_a_tenth_is_grouped_anew(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    run = Regrouper.run

    def noted(self: Regrouper, collection_id: str) -> Regrouped:
        done.append(collection_id)
        return run(self, collection_id)

    monkeypatch.setattr(Regrouper, "run", noted)
    inbox.keep(faces(10, 4, 0.3))
    inbox.joiner.run()
    assert inbox.joiner.regroup_grown() == 1 and done == [inbox.gallery]
    assert inbox.joiner.regroup_grown() == 0
    for number in range(4):
        inbox.keep(faces(1, 1, 0.3, seed=number + 5))
        inbox.joiner.run()
        assert inbox.joiner.regroup_grown() == 0
    inbox.keep(faces(1, 1, 0.3, seed=9))
    inbox.joiner.run()
    assert inbox.joiner.regroup_grown() == 1 and len(done) == 2
    # Many at once are grouped anew by themselves, and not once more.
    monkeypatch.setattr(joining, "_MANY", 20)
    inbox.keep(faces(10, 3, 0.3, seed=2))
    inbox.joiner.run()
    assert len(done) == 3 and inbox.joiner.regroup_grown() == 0


def test_many_more_than_are_compared_at_once_join_in_portions(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrouping, "MOST_REGROUPED", 20)
    inbox.keep(faces(5, 10, 0.3))
    assert inbox.groups.refresh("staff") == 50 and inbox.pages.waiting("staff") == 0
    done = inbox.regrouper.run(inbox.gallery)
    assert (done.faces, done.compared) == (50, 20)
    assert {one.group.size for one in inbox.pages.page("staff")} == {10}


@pytest.mark.parametrize("more", [3, 30])  # joined, and grouped anew
def test_who_was_split_off_stays_alone(inbox: Inbox, more: int) -> None:
    inbox.keep(faces(12, 4, 0.3))
    inbox.groups.refresh("staff")
    (group, *_) = inbox.pages.page("staff")
    first = next(one for one, name in inbox.names().items() if name == group.group.id)
    made = inbox.pages.split("staff", group.group.id, [first])
    inbox.keep(faces(12, 8, 0.3)[-more:])
    inbox.groups.refresh("staff")
    with inbox.storage.read() as uow:
        kept = uow.sightings.groups_of([first])
        assert kept == {first: made.group.id}
        assert uow.groups.get(inbox.gallery, group.group.id).size >= 3


def test_a_person_of_more_faces_than_are_compared_is_one_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three manners of one person, whose faces have their most alike ones in the same manner."""
    monkeypatch.setattr(grouping, "MOST_NEIGHBOURS", 4)
    rng = np.random.default_rng(0)
    centers = np.ones((3, DIMENSION)) + 0.5 * rng.normal(size=(3, DIMENSION))
    raw = np.repeat(centers, 30, axis=0) + 0.05 * rng.normal(size=(90, DIMENSION))
    unit = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    vectors: Vectors = np.asarray(unit, np.float32)
    rows = range(len(vectors))
    pairs = grouping.alike(vectors, 0.6, np.arange(len(vectors)))
    assert len(pairs.first) <= 4 * len(vectors)
    assert np.mean(pairs.first // 30 == pairs.second // 30) > 0.9
    assert len(set(group(vectors, 0.6, list(rows), (), rows).tolist())) == 1
    assert len(set(group(vectors, 0.97, list(rows), (), rows).tolist())) == 3
