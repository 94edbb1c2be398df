"""The use cases over a sealed collection: they see names, and files beside them do not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors.gallery import DuplicateSubjectError
from app.domain.errors.protection import SealedCollectionError
from app.domain.errors.requests import IdempotencyConflictError, InvalidRequestError
from app.domain.people.listing import SubjectFilter
from app.protection.collection_keys import CollectionKeys
from app.protection.data_keys import DataKeys
from app.protection.master_key import MasterKey
from app.protection.rotations import SecretRotations
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.enrolling.judging import EnrolmentResult
from app.services.gallery.idempotency import Idempotency, StoredAnswer
from app.services.moving.collection_import import CollectionImporter
from app.services.moving.exporting import Exporter
from app.services.moving.protecting import Protector
from tests.fakes.analyser import OneEncoder, picture
from tests.fakes.service import Service

ADA, BOB = "Ada-Augusta", "Bob-Bartholomew"


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Service]:
    """Ada with two faces and Bob with one, in a sealed collection."""
    service = Service(sqlite_database)
    service.collections.create("staff", sealed=True)
    service.enrol(ADA, picture(ADA), picture(ADA, take=2))
    service.enrol(BOB, picture(BOB))
    yield service
    service.close()


def names(service: Service) -> list[str]:
    return sorted(one.subject.name for one in service.subjects.list("staff"))


def is_named(service: Service, *who: str) -> bool:
    """Whether a file of the database holds one of the names."""
    path = Path(str(service.engines.writer.url.database))
    files = [one for one in path.parent.glob(f"{path.name}*") if one.is_file()]
    return any(name.encode() in one.read_bytes() for name in who for one in files)


def test_people_are_enrolled_recognized_and_listed(staff: Service) -> None:
    assert staff.recognized(picture(ADA, take=3)) == [ADA]
    assert names(staff) == [ADA, BOB]
    (found,) = staff.subjects.list("staff", SubjectFilter(name=f" {ADA} "))
    assert (found.subject.name, found.faces) == (ADA, 2)
    with pytest.raises(InvalidRequestError):
        staff.subjects.list("staff", SubjectFilter(name="\0"))
    with pytest.raises(SealedCollectionError):
        staff.subjects.list("staff", SubjectFilter(name_prefix="Ada"))
    with pytest.raises(DuplicateSubjectError):
        staff.subjects.create("staff", ADA)
    assert not is_named(staff, ADA, BOB)


def test_names_are_one_in_every_form_of_unicode(staff: Service) -> None:
    staff.subjects.create("staff", "Zoe\u0308", external_id="e\u0301")
    assert staff.subjects.find("staff", "Zoë") is not None
    with pytest.raises(DuplicateSubjectError):
        staff.subjects.create("staff", "Zoë")
    (found,) = staff.subjects.list("staff", SubjectFilter(external_id="é"))
    assert found.subject.name == "Zoë"


def test_a_rename_a_merge_and_its_undoing(staff: Service) -> None:
    ada, bob = (staff.subjects.get_or_create("staff", one).id for one in (ADA, BOB))
    staff.subjects.update("staff", bob, {"name": "Robert-B", "external_id": "B-77-external"})
    merged = staff.corrections.merge("staff", ada, bob)
    assert names(staff) == [ADA]
    assert not is_named(staff, ADA, BOB, "Robert-B", "B-77-external")
    assert merged.operation is not None
    staff.corrections.undo("staff", merged.operation.id)
    assert names(staff) == [ADA, "Robert-B"]
    back = staff.subjects.get("staff", bob)
    assert (back.subject.external_id, back.faces) == ("B-77-external", 1)
    assert staff.recognized(picture(BOB, take=3)) == ["Robert-B"]


def test_an_answer_is_given_again(staff: Service) -> None:
    ada = staff.subjects.get_or_create("staff", ADA).id
    answer = StoredAnswer(201, {"name": ADA})
    once: Idempotency[Sequence[EnrolmentResult]] = Idempotency(
        "key", "once", "native", lambda _: answer
    )
    for replayed in (None, answer):
        given = staff.enroller.enrol(
            "staff", ada, [picture(ADA, take=5)], EnrolmentOptions(), idempotency=once
        )
        assert given.replayed == replayed
    assert staff.subjects.get("staff", ada).faces == 3
    with pytest.raises(IdempotencyConflictError):
        staff.enroller.enrol(
            "staff", ada, [picture(ADA, take=6)], EnrolmentOptions(), idempotency=once
        )
    assert not is_named(staff, ADA)


def test_whether_it_is_sealed_is_settled(staff: Service) -> None:
    assert staff.collections.update("staff", {"sealed": True, "metadata": {"a": 1}}).sealed
    with pytest.raises(SealedCollectionError):
        staff.collections.update("staff", {"sealed": False})
    staff.collections.create("guests")
    with pytest.raises(SealedCollectionError):
        staff.collections.update("guests", {"sealed": True})


def test_an_export_goes_into_a_sealed_collection_and_back(staff: Service) -> None:
    gallery = staff.collections.get("staff")
    exported = Exporter(staff.storage, staff.pictures).pages(gallery)
    pages = [[replace(one, image=None) for one in page] for page in exported]  # made-up ones
    assert {one.subject.name for page in pages for one in page} == {ADA, BOB}
    importer = CollectionImporter(staff.storage, staff.pictures, OneEncoder(), staff.follower)
    work = importer.open(replace(gallery, name="again"))
    assert work.collection.sealed
    assert [one for page in pages for one in importer.store(work, page)] == []
    assert {one.subject.name for one in staff.subjects.list("again")} == {ADA, BOB}
    assert not is_named(staff, ADA, BOB)
    plain = importer.open(replace(gallery, name="open", sealed=False))
    assert [one for page in pages for one in importer.store(plain, page)] == []
    assert len(staff.subjects.list("open", SubjectFilter(name_prefix="Ada"))) == 1


def test_keys_of_collections_follow_to_a_new_master_key(staff: Service) -> None:
    new = MasterKey([bytes(range(32)), bytes(32)])
    staff.storage.seal_with(new, SecretRotations(new), CollectionKeys(new))
    protector = Protector(staff.storage, staff.images, staff.pictures, DataKeys(new))
    with staff.storage.read() as uow:
        pictures = len(uow.protection.data_keys(after="", limit=9))
    assert protector.plan().keys == pictures + 1
    assert protector.run(lambda stage, done, total: None).keys == pictures + 1
    assert protector.plan().keys == 0
    alone = MasterKey([bytes(range(32))])
    staff.storage.seal_with(alone, SecretRotations(alone), CollectionKeys(alone))
    assert names(staff) == [ADA, BOB]


def test_what_is_erased_is_gone(staff: Service) -> None:
    ada = staff.subjects.get_or_create("staff", ADA).id
    assert staff.erasure.subject("staff", ada).removed.subjects == 1
    assert names(staff) == [BOB]
    assert staff.subjects.find("staff", ADA) is None
    assert staff.subjects.create("staff", ADA).subject.id != ada
