"""Faces imported without names: kept once, grouped, named, discarded, erased."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from app.domain.errors.gallery import DuplicateSubjectError, EncoderMismatchError
from app.domain.errors.pictures import NoFaceError, NotAnImageError
from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.sightings import UnknownGroupError
from app.domain.people.grouping import group
from app.services.people.groups import Unnamed
from app.services.people.unnamed import UnnamedOutcome, UnnamedPicture
from tests.fakes.analyser import picture
from tests.fakes.service import Service

PICTURES = {
    "a/1.jpg": picture("Ada"),
    "a/2.jpg": picture("Ada", take=2),
    "both.jpg": picture("Ada", "Bob", take=3),
    "b.jpg": picture("Bob", take=4),
    "c.jpg": picture("Carol"),
}


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    service.collections.create("staff")
    yield service
    service.close()


def imported(service: Service, pictures: dict[str, bytes]) -> list[UnnamedOutcome]:
    items = [UnnamedPicture(name, lambda data=data: data) for name, data in pictures.items()]  # type: ignore[misc]
    done = list(service.unnamed_importer.run("staff", items, workers=2))
    service.groups.refresh("staff")
    return done


def by_source(unnamed: Unnamed) -> tuple[list[list[str]], list[str]]:
    groups = [sorted(face.source for face in one.faces) for one in unnamed.groups]
    return groups, sorted(face.source for face in unnamed.alone)


def test_faces_of_one_person_are_a_group(staff: Service) -> None:
    assert [one.kept for one in imported(staff, PICTURES)] == [1, 1, 2, 1, 1]
    found = staff.groups.list("staff")
    assert by_source(found) == (
        [["a/1.jpg", "a/2.jpg", "both.jpg"], ["b.jpg", "both.jpg"]],
        ["c.jpg"],
    )
    assert found.waiting == 0 and staff.recognized(picture("Ada")) == [None]


def test_what_comes_later_joins_groups_that_keep_their_ids(staff: Service) -> None:
    imported(staff, dict(list(PICTURES.items())[:3]))
    before = {one.id for one in staff.groups.list("staff").groups}
    done = imported(staff, PICTURES)
    assert [one.present for one in done] == [True, True, True, False, False]
    imported(staff, {"c2.jpg": picture("Carol", take=2), "a3.jpg": picture("Ada", take=9)})
    found = staff.groups.list("staff")
    assert by_source(found)[0] == [
        ["a/1.jpg", "a/2.jpg", "a3.jpg", "both.jpg"],
        ["b.jpg", "both.jpg"],
        ["c.jpg", "c2.jpg"],
    ]
    assert len(before) == 1 and before < {one.id for one in found.groups}


def test_a_named_group_is_recognized_and_no_longer_listed(staff: Service) -> None:
    imported(staff, PICTURES)
    ada, bob = staff.groups.list("staff").groups
    named = staff.groups.assign("staff", ada.id, new_subject=" Ada ")
    assert named.subject.subject.name == "Ada" and named.subject.faces == 3
    assert staff.recognized(picture("Ada", take=20)) == ["Ada"]
    assert [one.id for one in staff.groups.list("staff").groups] == [bob.id]
    with staff.storage.read() as uow:
        kept = [f.image_digest for f in uow.faces.by_ids(named.face_ids).values()]
        assert uow.images.known([d for d in kept if d]) == {d for d in kept if d}
    with pytest.raises(UnknownGroupError):
        staff.groups.assign("staff", ada.id, new_subject="Again")
    with pytest.raises(DuplicateSubjectError):
        staff.groups.assign("staff", bob.id, new_subject="Ada")
    for wrong in ({}, {"subject_id": "x", "new_subject": "y"}):
        with pytest.raises(InvalidRequestError):
            staff.groups.assign("staff", bob.id, **wrong)
    assert len(staff.groups.list("staff").groups[0].faces) == 2


def test_a_discarded_group_leaves_no_picture(staff: Service) -> None:
    imported(staff, PICTURES)
    ada = staff.groups.list("staff").groups[0]
    digests = {face.image_digest for face in ada.faces if face.image_digest}
    assert staff.groups.discard("staff", ada.id) == 3
    assert not digests & set(staff.images.kept)
    with pytest.raises(UnknownGroupError):
        staff.groups.discard("staff", ada.id)


def test_an_erased_collection_takes_them_along(staff: Service) -> None:
    imported(staff, PICTURES)
    assert staff.erasure.collection("staff", dry_run=True).removed.sightings == 6
    assert staff.erasure.collection("staff").removed.sightings == 6
    assert staff.images.kept == {}
    with staff.storage.read() as uow:
        assert uow.sightings.list("any", limit=9) == []


def test_what_cannot_be_kept_is_told_face_by_face(staff: Service) -> None:
    done = imported(
        staff,
        {
            "none": picture(),
            "text": b"no picture",
            "poor": picture("Ada, blurred"),
            "mixed": picture("Ada", "Bob, blurred"),
        },
    )
    assert isinstance(done[0].error, NoFaceError) and isinstance(done[1].error, NotAnImageError)
    assert done[2].error is not None and done[2].error.slug == "poor-quality"
    assert (done[3].kept, [one.slug for one in done[3].refused]) == (1, ["poor-quality"])


def test_a_group_of_another_encoder_is_not_enrolled(staff: Service) -> None:
    imported(staff, PICTURES)
    ada = staff.groups.list("staff").groups[0]
    with staff.storage.write() as uow:
        gallery = uow.collections.get("staff")
        from dataclasses import replace

        uow.collections.update(replace(gallery, encoder="other@1"))
    with pytest.raises(EncoderMismatchError):
        staff.groups.assign("staff", ada.id, new_subject="Ada")
    assert staff.subjects.find("staff", "Ada") is None


def test_two_at_once_make_one_group_of_each_person(staff: Service) -> None:
    items = [UnnamedPicture(name, lambda d=data: d) for name, data in PICTURES.items()]  # type: ignore[misc]
    list(staff.unnamed_importer.run("staff", items, workers=2))
    threads = [threading.Thread(target=staff.groups.refresh, args=("staff",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(one.faces) for one in staff.groups.list("staff").groups] == [3, 2]


def test_a_pair_of_lookalikes_does_not_join_two_people() -> None:
    """Five faces each of two people; one face of each resembles the other's."""
    rng = np.random.default_rng(3)
    one, other = np.eye(64, dtype=np.float32)[:2]
    noise = rng.normal(scale=0.03, size=(10, 64)).astype(np.float32)
    vectors = np.concatenate([np.tile(one, (5, 1)), np.tile(other, (5, 1))]) + noise
    vectors[0] = one + 0.45 * other
    vectors[5] = other + 0.45 * one
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert vectors[0] @ vectors[5] > 0.72
    labels = group(vectors, 0.7, list(range(10)), (), range(10))
    assert len(set(labels[:5])) == len(set(labels[5:])) == 1 and labels[0] != labels[5]
