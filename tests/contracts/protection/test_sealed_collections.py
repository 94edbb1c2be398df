"""Sealed collections: what names their subjects is found by exact values, and lies nowhere."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.domain.errors.gallery import DuplicateSubjectError
from app.domain.errors.protection import (
    MasterKeyMissingError,
    SealBrokenError,
    SealedCollectionError,
    WrongMasterKeyError,
)
from app.domain.errors.requests import IdempotencyConflictError
from app.domain.notifying.events import EventFilter
from app.domain.people.erasing import ErasedItem
from app.domain.people.listing import SubjectFilter
from app.domain.people.sightings import SightingFilter
from app.protection.collection_keys import CollectionKeys
from app.protection.master_key import MasterKey
from app.protection.rotations import SecretRotations
from app.storage.copies.erasing_again import erase_again
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import NOON, Samples
from tests.contracts.protection.naming import NAMES, SUBJECT, fill, named_in_rows

KEY = MasterKey([bytes(range(32))])
NEW_KEY = MasterKey([bytes(reversed(range(32))), bytes(range(32))])


def protect(storage: SqlStorage, key: MasterKey) -> None:
    storage.seal_with(key, SecretRotations(key), CollectionKeys(key))


@pytest.fixture
def protected(storage: SqlStorage) -> SqlStorage:
    protect(storage, KEY)
    return storage


@pytest.fixture
def staff(protected: SqlStorage, samples: Samples) -> SqlStorage:
    """The sealed collection `staff` with Ada and Bob, and the open one `guests` with Ada."""
    with protected.write() as work:
        assert work.collections.add(samples.collection(sealed=True)).sealed
        work.collections.add(samples.collection("guests"))
        work.subjects.add(samples.subject(external_id="A-1"))
        work.subjects.add(samples.subject("Bob"))
        elsewhere = samples.subject(id="sub-elsewhere", collection_id="col-guests")
        work.subjects.add(replace(elsewhere, external_id="A-1"))
    return protected


def test_no_row_names_anybody(protected: SqlStorage, samples: Samples) -> None:
    fill(protected, samples, sealed=True)
    assert named_in_rows(protected) == set()


def test_the_same_search_finds_every_name_in_an_open_collection(
    protected: SqlStorage, samples: Samples
) -> None:
    fill(protected, samples, sealed=False)
    assert named_in_rows(protected) == set(NAMES)


def test_everything_comes_back_as_it_was(protected: SqlStorage, samples: Samples) -> None:
    fill(protected, samples, sealed=True)
    with protected.read() as work:
        subject = work.subjects.get("col-staff", SUBJECT)
        assert (subject.name, subject.external_id) == (NAMES["name"], NAMES["external_id"])
        assert subject.metadata == {
            NAMES["key"]: NAMES["value"],
            "more": {"deep": [NAMES["nested"]]},
            "floor": 3,
        }
        consent = work.rights.get(SUBJECT).consent
        assert consent is not None and consent.reference == NAMES["reference"]
        record = work.idempotency.get("key-1", "once")
        assert record == samples.record(
            subject_id=SUBJECT, response={"status": 201, "body": {"name": NAMES["answer"]}}
        )
        operation = work.operations.get("col-staff", "op-1")
        assert operation.absorbed is not None and operation.absorbed.name == NAMES["absorbed"]
        assert work.operations.list("col-staff", before=None, since=NOON, limit=9) == []
        (face,) = work.faces.list("col-staff", limit=9)
        label = work.labels.known([face.id])[face.id].label
        assert label is not None and label.external_id == NAMES["label"]
        here, nowhere = (SightingFilter(source=one) for one in (NAMES["source"], "door"))
        (seen,) = work.sightings.list("col-staff", here, limit=9)
        assert seen.source == NAMES["source"]
        assert work.sightings.list("col-staff", nowhere, limit=9) == []
        assert work.sightings.count("col-staff", here)[0] == 1
        (event,) = work.events.after(0, EventFilter(), limit=9)
        assert event.data == {"source": NAMES["event"], "sighting_id": 1}
    with protected.write() as work:
        (delivery,) = work.webhooks.claim(event.at, NOON, 9)
        assert delivery.content["data"] == event.data
        with pytest.raises(IdempotencyConflictError):
            work.idempotency.add(samples.record(subject_id=SUBJECT))
        work.operations.settle(operation, NOON)
        assert work.operations.get("col-staff", "op-1").absorbed is None


def test_subjects_are_found_by_exact_values(staff: SqlStorage, samples: Samples) -> None:
    ada, bob = samples.subject(external_id="A-1"), samples.subject("Bob")
    with staff.read() as work:
        assert work.collections.get("staff").sealed and not work.collections.get("guests").sealed
        assert work.subjects.find("col-staff", "Ada") == ada
        assert work.subjects.find("col-staff", "ada") is None
        assert work.subjects.called("col-staff", "A-1") == ada
        assert work.subjects.called("col-staff", "Bob") == bob
        assert work.subjects.list("col-staff", after=None, limit=9) == [ada, bob]
        for wanted in (SubjectFilter(name="Ada"), SubjectFilter(external_id="A-1")):
            assert work.subjects.list("col-staff", wanted, after=None, limit=9) == [ada]
        both = SubjectFilter(name="Bob", external_id="A-1")
        assert work.subjects.list("col-staff", both, after=None, limit=9) == []
        assert work.subjects.by_ids([ada.id, "sub-elsewhere"]).keys() == {ada.id, "sub-elsewhere"}
        assert work.subjects.having("col-staff", {"team": "engines"}) == [ada.id, bob.id]


def test_what_exact_values_cannot_answer_is_refused(staff: SqlStorage) -> None:
    begin = SubjectFilter(name_prefix="A")
    with staff.read() as work:
        with pytest.raises(SealedCollectionError, match="keyed hashes"):
            work.subjects.list("col-staff", begin, after=None, limit=9)
        assert len(work.subjects.list("col-guests", begin, after=None, limit=9)) == 1


def test_names_and_external_ids_stay_unique(staff: SqlStorage, samples: Samples) -> None:
    with staff.write() as work:
        for taken in (samples.subject(id="x"), samples.subject("Cy", external_id="A-1")):
            with pytest.raises(DuplicateSubjectError) as refused:
                work.subjects.add(taken)
            assert refused.value.data["value"] in ("Ada", "A-1")
        renamed = replace(work.subjects.get("col-staff", "sub-Ada"), name="Bob")
        with pytest.raises(DuplicateSubjectError):
            work.subjects.update(renamed)
        work.subjects.update(replace(renamed, name="Ada L", external_id=None, metadata={"a": 1.0}))
    with staff.read() as work:
        assert work.subjects.find("col-staff", "Ada") is None
        changed = work.subjects.called("col-staff", "Ada L")
        assert changed is not None and (changed.external_id, changed.metadata) == (None, {"a": 1.0})
        assert work.subjects.having("col-staff", {"a": 1}) == ["sub-Ada"]
        assert work.subjects.having("col-staff", {"a": True}) == []


def test_equal_values_of_two_collections_look_unlike(staff: SqlStorage, samples: Samples) -> None:
    with staff.write() as work:
        work.collections.add(samples.collection("crew", sealed=True))
        work.subjects.add(samples.subject(id="sub-2", collection_id="col-crew"))
        query = text("SELECT name FROM subjects WHERE id IN ('sub-Ada', 'sub-2')")
        assert len(set(work.subjects._connection.execute(query).scalars())) == 2


def test_without_the_key_nothing_is_read_made_or_found(staff: SqlStorage, samples: Samples) -> None:
    other = MasterKey([bytes(32)])
    for seal, error in ((KEY, MasterKeyMissingError), (other, WrongMasterKeyError)):
        keys = CollectionKeys(other) if seal is other else None
        staff.seal_with(seal, SecretRotations(seal), keys)
        with staff.read() as work:
            with pytest.raises(error):
                work.subjects.get("col-staff", "sub-Ada")
            with pytest.raises(error):
                work.subjects.find("col-staff", "Ada")
            assert work.subjects.find("col-guests", "Ada") is not None
            assert work.collections.get("staff").sealed
        with staff.write() as work, pytest.raises(error):
            work.subjects.add(samples.subject("Cy"))
    staff.seal_with(KEY)
    with staff.write() as work, pytest.raises(MasterKeyMissingError):
        work.collections.add(samples.collection("crew", sealed=True))


def test_the_key_follows_to_a_new_master_key(staff: SqlStorage) -> None:
    protect(staff, NEW_KEY)
    with staff.write() as work:
        assert work.protection.collection_keys_behind() == ["col-staff"]
        work.protection.renew_collection_key("col-staff")
        assert work.protection.collection_keys_behind() == []
    protect(staff, MasterKey([bytes(reversed(range(32)))]))
    with staff.read() as work:
        assert work.subjects.find("col-staff", "Ada") is not None


def test_what_was_exchanged_is_not_shown(staff: SqlStorage) -> None:
    other = "(SELECT sealed FROM subjects WHERE id = 'sub-Bob')"
    with staff.write() as work:
        moved = text(f"UPDATE subjects SET sealed = {other} WHERE id = 'sub-Ada'")  # noqa: S608
        work.subjects._connection.execute(moved)
        with pytest.raises(SealBrokenError):
            work.subjects.get("col-staff", "sub-Ada")


def test_a_changed_collection_stays_sealed(staff: SqlStorage) -> None:
    with staff.write() as work:
        changed = replace(work.collections.get("staff"), name="crew", sealed=False)
        work.collections.update(changed)
    with staff.read() as work:
        assert work.collections.get("crew").sealed
        assert work.subjects.find("col-staff", "Ada") is not None


def test_the_ledger_erases_from_a_copy_without_the_key(
    sqlite_database: str, samples: Samples
) -> None:
    storage = SqlStorage.open(sqlite_database)
    protect(storage, KEY)
    fill(storage, samples, sealed=True)
    with storage.read() as work:
        (seen,) = work.sightings.list("col-staff", limit=9)
        made = work.subjects.get("col-staff", SUBJECT).created_at
    storage.close()
    erased = [
        ErasedItem("subject", SUBJECT, "col-staff", made, NOON),
        ErasedItem("sighting", str(seen.id), "col-staff", seen.at, NOON),
    ]
    done = erase_again(sqlite_database, erased)
    assert (done.subjects, done.faces, done.sightings) == (1, 1, 1)


def test_erasure_takes_the_key_and_events_outlive_it(
    protected: SqlStorage, samples: Samples
) -> None:
    fill(protected, samples, sealed=True)
    with protected.write() as work:
        work.collections.remove("col-staff")
    with protected.read() as work:
        (event,) = work.events.after(0, EventFilter(), limit=9)
        assert event.data == {"source": None, "sighting_id": 1}
        assert work.subjects.by_ids([SUBJECT]) == {}
    with protected.write() as work:
        assert work.webhooks.claim(event.at, NOON, 9)[0].content["data"] == event.data
        again = work.collections.add(samples.collection(sealed=True))
        work.subjects.add(samples.subject())
        assert work.subjects.find(again.id, "Ada") is not None
