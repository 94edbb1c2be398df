"""Receipts count what was removed, in each place where it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.trouble import IndexUnavailableError
from app.domain.gallery import IdempotencyRecord, Partition, Receipt, Tally
from app.domain.protection import Rotation, stored_encoder
from app.files.images import FileImageStore
from app.protection.master_key import MasterKey
from app.services.gallery.erasure import Erasure
from app.services.keys import Keys
from tests.unit.services.conftest import ENCODER, Service, directions, new_face

HERE = Partition("c", stored_encoder(ENCODER, Rotation(1, MasterKey([bytes(32)]).id)))
ERASURES: list[Callable[[Erasure, bool], Receipt]] = [
    lambda erasure, dry: erasure.face("staff", 1, dry_run=dry),
    lambda erasure, dry: erasure.subject("staff", "Ann", dry_run=dry),
    lambda erasure, dry: erasure.collection("staff", dry_run=dry),
]
EXPECTED = [
    Tally(0, faces=1, templates=2, images=0, index_entries=1, idempotency_records=1),
    Tally(1, faces=2, templates=4, images=1, index_entries=2, idempotency_records=1),
    Tally(2, faces=3, templates=5, images=2, index_entries=3, idempotency_records=2),
]


@pytest.fixture
def images(tmp_path: Path) -> FileImageStore:
    return FileImageStore(tmp_path / "images")


@pytest.fixture
def erasure(service: Service, images: FileImageStore) -> Erasure:
    """Ann has two faces of one image, each with a template that waits; Bob has one of another."""
    service.enrolled("Ann")
    service.enrolled("Bob")
    digests = [images.put(content) for content in (b"Ann's", b"Bob's")]
    with service.storage.write() as uow:
        for digest in digests:
            uow.images.add(digest, media_type="image/jpeg", size=5)
        for number, (name, digest) in enumerate(
            [("Ann", digests[0]), ("Ann", digests[0]), ("Bob", digests[1])]
        ):
            face = new_face(name, directions(3)[number])
            uow.faces.add(replace(face, image_digest=digest))
        uow.staged.put("other@1", [1, 2], np.ones((2, 4), np.float32))
    key = Keys(service.storage).create("test", scopes=["read"])[0].id
    with service.storage.write() as uow:
        for name in ("Ann", "Bob"):
            record = IdempotencyRecord(key, name, "f", name, {}, datetime.now(UTC))
            uow.idempotency.add(record)
    service.follower.catch_up()
    return Erasure(service.storage, images, service.follower)


def _contents(service: Service, images: FileImageStore) -> tuple[Any, ...]:
    with service.storage.read() as uow:
        return (
            [face.id for face in uow.faces.list("c", limit=9)],
            uow.subjects.count("c"),
            uow.staged.count("c", "other@1"),
            service.index.count(HERE),
            sorted(images.digests()),
            uow.changes.head(),
            uow.changes.erasures(),
        )


@pytest.mark.parametrize(("erase", "expected"), list(zip(ERASURES, EXPECTED, strict=True)))
def test_a_receipt_counts_what_was_removed(
    service: Service,
    images: FileImageStore,
    erasure: Erasure,
    erase: Callable[[Erasure, bool], Receipt],
    expected: Tally,
) -> None:
    before = _contents(service, images)
    plan = erase(erasure, True)
    assert (plan.removed, plan.index, plan.log_emptied) == (expected, None, None)
    assert _contents(service, images) == before, "a dry run leaves everything"
    receipt = erase(erasure, False)
    assert (receipt.removed, receipt.index, receipt.log_emptied) == (expected, "done", True)
    assert service.index.count(HERE) == 3 - (expected.index_entries or 0)
    assert len(list(images.digests())) == 2 - expected.images


@pytest.mark.parametrize("erase", ERASURES)
def test_while_the_index_is_away_a_receipt_says_so(
    service: Service,
    erasure: Erasure,
    monkeypatch: pytest.MonkeyPatch,
    erase: Callable[[Erasure, bool], Receipt],
) -> None:
    def away(*arguments: object, **options: object) -> None:
        raise IndexUnavailableError("away")

    with monkeypatch.context() as patch:
        for verb in ("add", "remove", "search", "count", "watermark"):
            patch.setattr(service.index, verb, away)
        receipt = erase(erasure, False)
    assert (receipt.index, receipt.removed.index_entries) == ("pending", None)
    assert receipt.removed.faces > 0
    assert service.index.count(HERE) == 3
    service.follower.catch_up()
    assert service.index.count(HERE) == 3 - receipt.removed.faces


def test_an_index_that_goes_between_has_lost_nothing_yet(
    service: Service, erasure: Erasure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*arguments: object, **options: object) -> None:
        raise IndexUnavailableError("away")

    monkeypatch.setattr(service.index, "remove", away)
    receipt = erasure.subject("staff", "Ann")
    assert (receipt.index, receipt.removed.index_entries) == ("pending", 0)


def test_what_the_index_never_had_is_not_counted(service: Service, erasure: Erasure) -> None:
    service.index.remove(HERE, np.array([2]), seq=0)
    assert erasure.subject("staff", "Ann").removed.index_entries == 1


def test_an_image_that_another_face_needs_is_not_counted_in_a_dry_run(
    service: Service, erasure: Erasure
) -> None:
    assert erasure.face("staff", 1, dry_run=True).removed.images == 0
    assert erasure.face("staff", 1).removed.images == 0
    assert erasure.face("staff", 2, dry_run=True).removed.images == 1


def test_what_is_not_there_cannot_be_erased(erasure: Erasure) -> None:
    with pytest.raises(UnknownCollectionError):
        erasure.collection("nobody")
