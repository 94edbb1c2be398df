"""Faces, templates and the change log, on SQLite and on PostgreSQL."""

import numpy as np
import pytest

from app.domain.errors.gallery import EncoderMismatchError, UnknownFaceError, UnknownSubjectError
from app.domain.gallery import EnrolledFace, Partition
from app.storage.unit_of_work import SqlStorage, SqlUnitOfWork
from tests.contracts.conftest import Samples

STAFF = Partition("col-staff", "encoder@1")


def log(work: SqlUnitOfWork) -> list[tuple[int, str, int | None]]:
    return [(line.seq, line.kind, line.face_id) for line in work.changes.after(0, limit=100)]


def test_a_face_comes_back_as_it_was(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage, faces=0)
    new = samples.face()
    with storage.write() as work:
        stored = work.faces.add(new)
    with storage.read() as work:
        found = work.faces.get("col-staff", stored.id)
        for face in (stored, found, work.faces.by_ids([stored.id, 999])[stored.id]):
            assert isinstance(face, EnrolledFace)
            np.testing.assert_array_equal(face.landmarks, new.landmarks)
            for field in (
                "box",
                "pose",
                "quality",
                "probability",
                "encoder",
                "created_at",
                "source_digest",
            ):
                assert getattr(face, field) == getattr(new, field), field
        assert found.landmarks.dtype == np.float32
        ids, templates = work.faces.templates([stored.id])
        assert ids.tolist() == [stored.id]
        assert templates.dtype == np.float32
        np.testing.assert_array_equal(templates, new.template[np.newaxis])


@pytest.mark.parametrize("number", [0, -1, 999, 2**63, 2**200])
def test_unknown_faces(storage: SqlStorage, samples: Samples, number: int) -> None:
    face, *_ = samples.fill(storage)
    with storage.read() as work:
        with pytest.raises(UnknownFaceError):
            work.faces.get("col-staff", number)
        with pytest.raises(UnknownFaceError):
            work.faces.get("elsewhere", face)
        assert work.faces.list("col-staff", after=2**63, limit=5) == []


def test_a_face_needs_its_subject_and_its_encoder(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage, faces=0)
    with storage.write() as work:
        work.collections.add(samples.collection("guests"))
        with pytest.raises(UnknownSubjectError):
            work.faces.add(samples.face("sub-Nobody"))
        with pytest.raises(UnknownSubjectError):
            work.faces.add(samples.face(collection_id="col-guests"))
        with pytest.raises(EncoderMismatchError):
            work.faces.add(samples.face(encoder="encoder@2"))
        assert work.changes.head() == 0


def test_listing_and_counting_faces(storage: SqlStorage, samples: Samples) -> None:
    mine = samples.fill(storage, faces=3)
    with storage.write() as work:
        work.collections.add(samples.collection("empty"))
        other = work.faces.add(samples.face("sub-Bob")).id
    with storage.read() as work:
        faces = work.faces.list("col-staff", limit=100)
        assert [face.id for face in faces] == [*mine, other]
        assert [f.id for f in work.faces.list("col-staff", after=mine[0], limit=2)] == mine[1:]
        bobs = work.faces.list("col-staff", subject_id="sub-Bob", limit=9)
        assert [face.id for face in bobs] == [other]
        assert work.faces.count("col-staff") == 4
        assert work.faces.count("col-staff", subject_id="sub-Ada") == 3
        assert work.faces.counts() == {"empty": 0, "staff": 4}
        assert work.faces.counts_of_subjects(["sub-Ada", "sub-Bob", "x"]) == {
            "sub-Ada": 3,
            "sub-Bob": 1,
            "x": 0,
        }


def test_ids_never_come_back(storage: SqlStorage, samples: Samples) -> None:
    *_, last = samples.fill(storage, faces=3)
    with storage.write() as work:
        work.faces.remove(work.faces.list("col-staff", limit=9))
    with storage.write() as work:
        assert work.faces.add(samples.face()).id > last


def test_moving_faces(storage: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(storage, faces=2)
    with storage.write() as work:
        head = work.changes.head()
        ids = work.faces.ids_of_subjects(["sub-Ada"])
        assert work.faces.reassign(ids, "sub-Bob") == 2
        assert work.faces.reassign([10**9], "sub-Bob") == 0
        assert {f.subject_id for f in work.faces.by_ids(faces).values()} == {"sub-Bob"}
        assert work.faces.subjects_of([*faces, 999]) == dict.fromkeys(faces, "sub-Bob")
        assert work.changes.head() == head


def test_templates_of_those_that_exist(storage: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(storage, faces=4)
    wanted = np.array([faces[3], faces[0], 999, faces[0]])  # as an index returns them
    with storage.read() as work:
        ids, templates = work.faces.templates(wanted.tolist())
        assert ids.tolist() == [faces[0], faces[3]]
        np.testing.assert_array_equal(templates, [samples.template(0), samples.template(3)])
        ids, templates = work.faces.templates([])
        assert ids.shape == (0,)
        assert len(templates) == 0


def test_the_first_faces_of_subjects(storage: SqlStorage, samples: Samples) -> None:
    mine = samples.fill(storage, faces=3)
    with storage.write() as work:
        other = work.faces.add(samples.face("sub-Bob")).id
    with storage.read() as work:
        (subject_id,) = set(work.faces.subjects_of(mine).values())
        (here,) = work.faces.partitions()
        found = work.faces.first_of_subjects(here, [subject_id, "sub-Bob", "sub-Nobody"], 2)
        assert {one: ids.tolist() for one, (ids, _) in found.items()} == {
            subject_id: sorted(mine)[:2],
            "sub-Bob": [other],
        }
        for ids, templates in found.values():
            np.testing.assert_array_equal(templates, work.faces.stored(ids.tolist())[1])
        assert work.faces.first_of_subjects(here, [], 2) == {}
        elsewhere = Partition(here.collection_id, "another@1")
        assert work.faces.first_of_subjects(elsewhere, [subject_id], 2) == {}


def test_more_ids_than_a_statement_takes(storage: SqlStorage, samples: Samples) -> None:
    face, *_ = samples.fill(storage)
    many = [*range(10**6, 10**6 + 70_000), face]
    with storage.read() as work:
        assert list(work.faces.by_ids(many)) == [face]
        assert list(work.faces.subjects_of(many)) == [face]
        assert work.faces.templates(many)[0].tolist() == [face]


def test_scanning_goes_by_partition(storage: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(storage, faces=5)
    with storage.write() as work:
        work.collections.add(samples.collection("guests", encoder="encoder@2"))
        work.subjects.add(samples.subject("Eve", collection_id="col-guests"))
        short = np.array([0.6, 0.8], dtype=np.float32)  # another encoder, another length
        eve = work.faces.add(
            samples.face("sub-Eve", collection_id="col-guests", encoder="encoder@2", template=short)
        ).id
    with storage.read() as work:
        found: dict[Partition, list[tuple[int, np.ndarray]]] = {}
        for partition in work.faces.partitions():
            for ids, templates in work.faces.scan(partition, batch=2):
                assert 1 <= len(ids) == len(templates) <= 2
                found.setdefault(partition, []).extend(zip(ids.tolist(), templates, strict=True))
        assert work.faces.census(STAFF) == (5, sum(faces))
        assert work.faces.census(Partition("col-nobody", "encoder@1")) == (0, 0)
        with pytest.raises(EncoderMismatchError):
            work.faces.templates([faces[0], eve])
    assert set(found) == {STAFF, Partition("col-guests", "encoder@2")}
    assert [number for number, _ in found[STAFF]] == faces
    np.testing.assert_array_equal(found[STAFF][4][1], samples.template(4))
    np.testing.assert_array_equal(found[Partition("col-guests", "encoder@2")][0][1], short)


# --- change log


def test_the_log_follows_additions_and_removals(storage: SqlStorage, samples: Samples) -> None:
    first, second = samples.fill(storage, faces=2)
    with storage.write() as work:
        assert work.changes.head() == 2
        assert log(work) == [(1, "add", first), (2, "add", second)]
        work.faces.remove([work.faces.get("col-staff", first)])
        assert log(work) == [(2, "add", second), (3, "remove", first)]
        assert work.changes.head() == 3
        lines = work.changes.after(2, limit=10)
        assert [line.partition for line in lines] == [STAFF]
        assert work.changes.after(0, limit=1) == work.changes.after(0, limit=10)[:1]
        with pytest.raises(UnknownFaceError):
            work.faces.get("col-staff", first)
        work.faces.remove([])
        assert work.changes.head() == 3


def test_dropping_a_partition_leaves_one_line(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage, faces=3)
    with storage.write() as work:
        work.collections.add(samples.collection("guests"))
        work.subjects.add(samples.subject("Eve", collection_id="col-guests"))
        eve = work.faces.add(samples.face("sub-Eve", collection_id="col-guests")).id
        work.changes.drop(STAFF)
        work.collections.remove("col-staff")
    with storage.read() as work:
        assert log(work) == [(4, "add", eve), (5, "drop", None)]
        assert work.changes.head() == 5
