"""Receipts that say `pending` do so until the rest has gone, whoever was killed or away."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from app.domain.errors.trouble import ImagesUnavailableError, IndexUnavailableError
from app.domain.people.sightings import SightingFilter
from app.services.duties.receipts import Receipts
from app.services.gallery import erasure as erasing
from app.services.gallery import image_files
from app.services.indexing.following import IndexFollower
from app.services.keys import LOCAL
from app.services.operations import Operations
from tests.fakes.analyser import picture
from tests.fakes.service import Service

ADA = "Ada Lovelace"


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture
def service(sqlite_database: str) -> Iterator[Service]:
    """A collection `staff` with Ada, who has two faces, and strangers who were seen."""
    service = Service(sqlite_database)
    service.collections.create("staff", policy={"remember": "unknown"})
    service.enrol(ADA, picture(ADA), picture(ADA, take=2))
    for number in range(4):
        service.recognized(picture(f"Stranger {number}"))
    assert service.recorder.flush(10)
    yield service
    service.close()


def erase(service: Service) -> None:
    ada = service.subjects.find("staff", ADA)
    assert ada is not None
    service.erasure.subject("staff", ada.id)


def started(service: Service) -> None:
    """Start as a server does."""
    parts = (service.storage, service.index, service.follower, service.erasure)
    operations = Operations(*parts, lambda: None, [])
    operations.start()
    operations.stop()


def kept(service: Service) -> dict[str, Any]:
    """The newest receipt, which has to be genuine."""
    signed = service.receipts.list(LOCAL)[0]
    assert service.receipts.is_genuine(signed.key_id, signed.signature, signed.content.encode())
    fields: dict[str, Any] = json.loads(signed.content)
    return fields


STEPS: list[tuple[object, str]] = [
    (erasing, "delete_released"),
    (image_files, "delete_unnamed"),
    (erasing.Erasure, "copy_ledger"),
    (IndexFollower, "catch_up_after_write"),
    (erasing.Erasure, "empty_log"),
    (Receipts, "complete"),
]


@pytest.mark.parametrize(("place", "step"), STEPS, ids=[step for _, step in STEPS])
def test_the_next_start_completes_the_receipt_of_whoever_was_killed(
    service: Service, monkeypatch: pytest.MonkeyPatch, place: object, step: str
) -> None:
    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched, pytest.raises(KilledError):
        patched.setattr(place, step, killed)
        erase(service)
    assert service.subjects.find("staff", ADA) is None
    before = kept(service)
    assert (before["erased"], before["removed"]["faces"]) == ("subject", 2)
    assert (before["index"], before["files"]) == ("pending", "pending")
    started(service)
    after = kept(service)
    assert (after["index"], after["files"], after["log_emptied"]) == ("done", "done", True)
    assert (after["removed"]["images"], after["removed"]["index_entries"]) == (2, 2)
    assert {name for name in after if after[name] != before[name]} == {
        *("index", "files", "log_emptied")
    }
    assert service.recognized(picture(ADA)) == [None]
    assert len(service.images.kept) == 4  # strangers'


def test_files_that_were_deleted_and_not_forgotten_keep_no_receipt_back(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete = image_files._delete_all

    def killed(*given: Any) -> int:
        delete(*given)
        raise KilledError

    with monkeypatch.context() as patched, pytest.raises(KilledError):
        patched.setattr(image_files, "_delete_all", killed)
        erase(service)
    assert len(service.images.kept) == 4  # strangers'
    assert kept(service)["files"] == "pending"
    started(service)
    assert (kept(service)["index"], kept(service)["files"]) == ("done", "done")


def test_of_an_erasure_in_pieces_the_receipt_counts_those_that_were_made(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, delete = count(), image_files.delete_released

    def killed(*given: Any) -> int | None:
        if next(calls) == 2:
            raise KilledError
        return delete(*given)

    with monkeypatch.context() as patched, pytest.raises(KilledError):
        patched.setattr(erasing, "_PIECE", 1)
        patched.setattr(erasing, "delete_released", killed)
        service.erasure.sightings("staff", SightingFilter(decision="unknown"))
    assert (kept(service)["files"], kept(service)["removed"]["sightings"]) == ("pending", 3)
    started(service)
    after = kept(service)
    assert (after["index"], after["files"]) == ("done", "done")
    assert (after["removed"]["sightings"], after["removed"]["images"]) == (3, 3)
    assert service.sightings.list("staff", SightingFilter()).items[0].decision == "unknown"


def away(error: type[Exception]) -> Callable[..., None]:
    def raising(*_: object, **__: object) -> None:
        raise error("away")

    return raising


def test_it_says_pending_as_long_as_the_index_is_away(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(service.index, "remove", away(IndexUnavailableError))
        erase(service)
        assert service.erasure.complete_receipts() == 1
    fields = kept(service)
    assert (fields["index"], fields["files"]) == ("pending", "done")
    assert fields["removed"]["index_entries"] == 2  # that are to go
    assert service.erasure.complete_receipts(look=False) == 0
    assert (kept(service)["index"], kept(service)["removed"]["index_entries"]) == ("done", 2)


def test_it_says_pending_as_long_as_files_are_there(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_files, "_ERASERS_OWN", timedelta(0))
    with monkeypatch.context() as patched:
        patched.setattr(service.images, "delete", away(ImagesUnavailableError))
        erase(service)
        assert service.erasure.complete_receipts() == 1
    fields = kept(service)
    assert (fields["index"], fields["files"]) == ("done", "pending")
    assert fields["removed"]["images"] == 2
    assert service.erasure.finish() == 2  # as servers do every two seconds
    assert kept(service)["files"] == "done"
    assert service.erasure.complete_receipts() == 0
