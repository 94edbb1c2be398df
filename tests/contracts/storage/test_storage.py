"""What every repository has to do, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from app.domain.errors.gallery import (
    DuplicateCollectionError,
    DuplicateSubjectError,
    UnknownCollectionError,
    UnknownSubjectError,
)
from app.domain.errors.requests import IdempotencyConflictError
from app.domain.people.listing import SubjectFilter
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples

# --- collections


def test_a_collection_comes_back_as_it_was(storage: SqlStorage, samples: Samples) -> None:
    collection = samples.collection()
    with storage.write() as work:
        work.collections.add(collection)
    with storage.read() as work:
        assert work.collections.get("staff") == collection
        assert work.collections.by_ids(["col-staff", "nobody"]) == {"col-staff": collection}
        with pytest.raises(UnknownCollectionError):
            work.collections.get("Staff")


def test_collections_are_listed_by_code_points(storage: SqlStorage, samples: Samples) -> None:
    names = ["Zoë", "apes", "bears", "Éric", "a b", "a_c"]
    with storage.write() as work:
        for name in names:
            work.collections.add(samples.collection(name))
    with storage.read() as work:
        first = work.collections.list(after=None, limit=4)
        rest = work.collections.list(after=first[-1].name, limit=4)
    assert [collection.name for collection in [*first, *rest]] == sorted(names)


def test_names_of_collections_are_unique(storage: SqlStorage, samples: Samples) -> None:
    with storage.write() as work:
        work.collections.add(samples.collection())
        with pytest.raises(DuplicateCollectionError):
            work.collections.add(samples.collection(id="other"))
        work.collections.add(samples.collection("guests"))  # the transaction still works
    with storage.write() as work, pytest.raises(DuplicateCollectionError):
        work.collections.update(samples.collection("guests", id="col-staff"))


def test_updating_a_collection(storage: SqlStorage, samples: Samples) -> None:
    changed = samples.collection("crew", id="col-staff", metadata={}, keep_images=False)
    with storage.write() as work:
        work.collections.add(samples.collection())
        work.collections.update(changed)
        work.collections.update(changed)  # its own name is not taken
        assert work.collections.get("crew") == changed
        with pytest.raises(UnknownCollectionError):
            work.collections.update(samples.collection("nobody"))


def test_removing_a_collection_takes_everything_with_it(
    storage: SqlStorage, samples: Samples
) -> None:
    faces = samples.fill(storage, faces=2)
    with storage.write() as work:
        work.keys.add(samples.key("bound", collection_id="col-staff"))
        work.keys.add(samples.key("free"))
        work.idempotency.add(samples.record())
        work.collections.remove("col-staff")
    with storage.read() as work:
        assert work.faces.by_ids(faces) == {}
        assert work.subjects.by_ids(["sub-Ada", "sub-Bob"]) == {}
        assert [key.id for key in work.keys.list()] == ["free"]
        assert work.idempotency.get("key-1", "once") is None


# --- subjects


def test_a_subject_comes_back_as_it_was(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage)
    zone = timezone(timedelta(hours=5, minutes=30))
    subject = samples.subject("Cy", external_id="7", created_at=samples.now.astimezone(zone))
    with storage.write() as work:
        work.subjects.add(subject)
    with storage.read() as work:
        found = work.subjects.get("col-staff", "sub-Cy")
        assert found == subject
        assert found.created_at.utcoffset() == timedelta(0)
        assert work.subjects.find("col-staff", "Cy") == subject
        assert work.subjects.find("col-staff", "cy") is None
        assert work.subjects.find("elsewhere", "Cy") is None
        assert work.subjects.by_ids(["sub-Cy", "x"]) == {"sub-Cy": subject}
        with pytest.raises(UnknownSubjectError):
            work.subjects.get("elsewhere", "sub-Cy")


def test_an_instant_without_a_timezone_is_refused(storage: SqlStorage, samples: Samples) -> None:
    naive = samples.now.replace(tzinfo=None)
    with pytest.raises(Exception, match="timezone"), storage.write() as work:
        work.collections.add(samples.collection(created_at=naive))


def test_subjects_are_paged_by_id_and_found_by_prefix(
    storage: SqlStorage, samples: Samples
) -> None:
    samples.fill(storage)
    with storage.write() as work:
        for name in ("Bo%", "Bo_b", "bob", "Bé", "Béa"):
            work.subjects.add(samples.subject(name))
    with storage.read() as work:
        everyone = work.subjects.list("col-staff", after=None, limit=100)
        assert [s.id for s in everyone] == sorted(s.id for s in everyone)
        assert len(everyone) == 7
        assert work.subjects.list("col-staff", after=everyone[2].id, limit=2) == everyone[3:5]

        def by_prefix(prefix: str) -> set[str]:
            wanted = SubjectFilter(name_prefix=prefix)
            found = work.subjects.list("col-staff", wanted, after=None, limit=9)
            return {subject.name for subject in found}

        assert by_prefix("Bo") == {"Bo%", "Bo_b", "Bob"}
        assert by_prefix("Bo_") == {"Bo_b"}
        assert by_prefix("Bé") == {"Bé", "Béa"}
        assert by_prefix("Bob's") == set()


@pytest.mark.parametrize("field", ["name", "external_id"])
def test_subjects_are_unique_in_their_collection(
    storage: SqlStorage, samples: Samples, field: str
) -> None:
    samples.fill(storage)
    with storage.write() as work:
        work.collections.add(samples.collection("guests"))
        work.subjects.add(samples.subject("Cy", external_id="7"))
        twin = samples.subject("Di", external_id="8")
        twin = replace(twin, name="Cy") if field == "name" else replace(twin, external_id="7")
        with pytest.raises(DuplicateSubjectError) as caught:
            work.subjects.add(twin)
        assert caught.value.data["field"] == field
        work.subjects.add(samples.subject("Di", external_id="8"))
        with pytest.raises(DuplicateSubjectError):
            work.subjects.update(twin)
        work.subjects.add(replace(twin, id="elsewhere", collection_id="col-guests"))


def test_updating_and_removing_a_subject(storage: SqlStorage, samples: Samples) -> None:
    face, *_ = samples.fill(storage)
    changed = samples.subject("Ada L.", id="sub-Ada", external_id="1", metadata={})
    with storage.write() as work:
        work.subjects.update(changed)
        assert work.subjects.get("col-staff", "sub-Ada") == changed
        with pytest.raises(UnknownSubjectError):
            work.subjects.update(samples.subject("Nobody"))
        work.idempotency.add(samples.record())
        work.subjects.remove("sub-Ada")
        assert work.subjects.count("col-staff") == 1
        assert work.faces.by_ids([face]) == {}
        assert work.idempotency.get("key-1", "once") is None


def test_counting_subjects(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage, faces=3)
    with storage.read() as work:
        assert work.subjects.count("col-staff") == 2
        assert work.subjects.count("col-staff", with_faces=True) == 1
        assert work.subjects.count("elsewhere") == 0


# --- images, keys, idempotency


def test_images_are_released_when_no_face_needs_them(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage, faces=0)
    used, unused = "a" * 64, "b" * 64
    with storage.write() as work:
        for digest in (used, unused, used):
            work.images.add(digest, media_type="image/jpeg", size=2**40)
        face = work.faces.add(samples.face(image_digest=used))
        assert work.faces.get("col-staff", face.id).image_digest == used
        assert work.images.known([used, unused, "c" * 64]) == {used, unused}
        assert list(work.images.release([used, unused, "c" * 64])) == [unused]
        assert work.images.known([used, unused]) == {used}
        work.faces.remove([face])
        assert list(work.images.release([used])) == [used]
        assert work.images.known([used]) == frozenset()


def test_keys(storage: SqlStorage, samples: Samples) -> None:
    later = samples.now + timedelta(days=1)
    key = samples.key("k2", scopes=("read", "embed"), expires_at=later)
    with storage.write() as work:
        work.keys.add(samples.key("k3", created_at=later))
        work.keys.add(key)
        assert work.keys.get("k2") == key
        assert work.keys.get("k9") is None
        assert [found.id for found in work.keys.list()] == ["k2", "k3"]
        work.keys.touch("k2", later, "10.0.0.7")
        work.keys.touch("k9", later, None)
        assert work.keys.revoke("k2", later)
        assert work.keys.revoke("k2", later + timedelta(days=1))
        assert not work.keys.revoke("k9", later)
        assert work.keys.get("k2") == replace(
            key, last_used_at=later, last_used_from="10.0.0.7", revoked_at=later
        )
        other = work.keys.get("k3")
        assert other is not None and other.revoked_at is None


def test_idempotency_records(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage, faces=0)
    later = samples.now + timedelta(hours=1)
    record = samples.record()
    with storage.write() as work:
        work.idempotency.add(record)
        with pytest.raises(IdempotencyConflictError):
            work.idempotency.add(samples.record(fingerprint="0" * 64))
        work.idempotency.add(samples.record(key_id="key-2"))
        work.idempotency.add(samples.record("late", created_at=later))
        work.idempotency.add(samples.record("bob", created_at=later, subject_id="sub-Bob"))
        assert work.idempotency.get("key-1", "once") == record
        assert work.idempotency.get("key-3", "once") is None
        assert work.idempotency.remove_older_than(later) == 2
        assert work.idempotency.get("key-1", "once") is None
        assert work.idempotency.remove_of_subject("sub-Ada") == 1
        assert work.idempotency.get("key-1", "bob") is not None
