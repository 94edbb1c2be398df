"""Enrolment: however many images a request has, the gallery is looked through once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.files.images import FileImageStore
from app.protection.data_keys import DataKeys
from app.protection.master_key import MasterKey
from app.services.enrolling.enrolment import Enroller, EnrolmentOptions
from app.services.enrolling.gate import EnrolmentGate
from app.services.gallery.image_files import KeptPictures
from tests.unit.services.conftest import Service, between, directions, picture

ANN, BOB, *OTHERS = directions(8)
NEW = OTHERS[0]


@pytest.fixture
def enroller(service: Service, tmp_path: Path) -> Enroller:
    service.enrolled("Ann", ANN)
    service.enrolled("Bob", BOB)
    service.enrolled("New")
    return Enroller(
        service.storage,
        KeptPictures(
            service.storage,
            FileImageStore(tmp_path / "images"),
            DataKeys(MasterKey([bytes(32)])),
        ),
        service.analyser,
        service.follower,
        EnrolmentGate(min_face=40, min_quality=0.0),
        service.decider,
        service.review,
    )


@contextmanager
def counted(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """How often subjects are counted, the index is searched, the subject's sources are read."""
    seen = {"counts": 0, "searches": 0, "sources": 0}
    search = service.index.search

    def searched(*arguments: Any, **options: Any) -> object:
        seen["searches"] += 1
        return search(*arguments, **options)

    def executed(connection: object, cursor: object, statement: str, *rest: Any) -> None:
        seen["counts"] += "count(*)" in statement and "FROM subjects" in statement
        seen["sources"] += "GROUP BY faces.source_digest" in statement

    engines = service.storage._engines
    for engine in (engines.reader, engines.writer):
        event.listen(engine, "before_cursor_execute", executed)
    with monkeypatch.context() as patch:
        patch.setattr(service.index, "search", searched)
        yield seen
    for engine in (engines.reader, engines.writer):
        event.remove(engine, "before_cursor_execute", executed)


def test_all_images_of_a_request_are_looked_up_with_one_count_and_one_search(
    service: Service, enroller: Enroller, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = [picture(between(NEW, other, 0.9)) for other in OTHERS[1:]]
    with counted(service, monkeypatch) as seen:
        outcome = enroller.enrol("staff", "New", images, EnrolmentOptions())
    assert [result.error for result in outcome.results] == [None] * len(images)
    assert seen == {"counts": 1, "searches": 1, "sources": 2}, "sources before and in the write"


def test_images_are_told_apart_by_whom_they_resemble(service: Service, enroller: Enroller) -> None:
    images = [picture(image) for image in (ANN, NEW, between(BOB, NEW, 0.9))]
    outcome = enroller.enrol("staff", "New", images, EnrolmentOptions(duplicates="reject"))
    assert [result.error and result.error.slug for result in outcome.results] == [
        "duplicate-face",
        None,
        "duplicate-face",
    ]
    named = [[one.subject.name for one in result.duplicates] for result in outcome.results]
    assert named == [["Ann"], [], ["Bob"]]


def test_where_nothing_is_left_to_compare_nothing_is_counted(
    service: Service, enroller: Enroller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with counted(service, monkeypatch) as seen:
        outcome = enroller.enrol("staff", "New", [b"", b""], EnrolmentOptions())
        ignoring = EnrolmentOptions(duplicates="ignore")
        stored = enroller.enrol("staff", "New", [picture(ANN)], ignoring)
    assert [result.error and result.error.slug for result in outcome.results] == ["no-face"] * 2
    assert stored.results[0].face is not None
    assert (seen["counts"], seen["searches"]) == (0, 0)


def test_a_picture_that_comes_twice_in_a_request_is_stored_once(
    service: Service, enroller: Enroller
) -> None:
    image = picture(NEW)
    first, second = enroller.enrol("staff", "New", [image, image], EnrolmentOptions()).results
    assert first.face is not None and second.face is not None
    assert (first.repeated, second.repeated) == (False, True)
    assert second.face.id == first.face.id
    both = enroller.enrol("staff", "New", [image, image], EnrolmentOptions(allow_repeats=True))
    assert [result.repeated for result in both.results] == [False, False]
