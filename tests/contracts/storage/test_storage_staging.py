"""Templates that wait for their collection's change of encoder, on SQLite and PostgreSQL."""

import numpy as np
import pytest
from sqlalchemy import update

from app.domain.errors.gallery import EncoderMismatchError
from app.domain.gallery import Partition
from app.domain.portraits import LeftOutCounts
from app.storage.tables import FaceRow
from app.storage.unit_of_work import SqlStorage, SqlUnitOfWork
from tests.contracts.conftest import Samples

NEW = "encoder@2"
STAFF, STAFF_NEW = Partition("col-staff", "encoder@1"), Partition("col-staff", NEW)


def short(*seeds: int) -> np.ndarray:
    """(N, 5) templates of another encoder, of another length."""
    return np.stack([np.random.default_rng(s).normal(size=5) for s in seeds]).astype(np.float32)


def guests(work: SqlUnitOfWork, samples: Samples, seed: int = 9) -> int:
    """A face in another collection."""
    work.collections.add(samples.collection("guests"))
    work.subjects.add(samples.subject("Eve", collection_id="col-guests"))
    return work.faces.add(samples.face("sub-Eve", seed, collection_id="col-guests")).id


def test_what_is_missing_gets_less(storage: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(storage, faces=4)
    with storage.write() as work:
        guests(work, samples)
        assert work.staged.missing("col-staff", NEW, limit=9) == faces
        work.staged.put(NEW, faces[1:3], short(1, 2))
        assert work.staged.missing("col-staff", NEW, limit=9) == [faces[0], faces[3]]
        assert work.staged.missing("col-staff", NEW, after=faces[0], limit=9) == [faces[3]]
        assert work.staged.missing("col-staff", NEW, limit=1) == [faces[0]]
        assert work.staged.missing("col-staff", "encoder@3", limit=9) == faces
        assert work.staged.count("col-staff", NEW) == 2
        assert work.staged.count("col-guests", NEW) == 0
        assert work.staged.count("col-staff", "encoder@3") == 0


def test_staged_templates_are_found_by_nobody(storage: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(storage, faces=2)
    with storage.write() as work:
        head = work.changes.head()
        work.staged.put(NEW, faces, short(1, 2))
    with storage.read() as work:
        assert work.changes.head() == head
        assert list(work.faces.partitions()) == [STAFF]
        assert work.faces.templates(faces)[1].shape == (2, 128)
        assert {face.encoder for face in work.faces.list("col-staff", limit=9)} == {"encoder@1"}


def test_promoting_changes_everything_at_once(storage: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(storage, faces=3)
    with storage.write() as work:
        eve = guests(work, samples)
        before = work.faces.get("col-staff", faces[0])
        work.staged.put(NEW, faces, short(0, 0, 0))
        work.staged.put(NEW, faces, short(1, 2, 3))  # the last counts
        work.staged.put("encoder@3", faces[:1], short(7))
        work.staged.put(NEW, [eve], short(8))
        head = work.changes.head()
        assert work.staged.promote("col-staff", NEW) == 3
    with storage.read() as work:
        assert work.collections.get("staff").encoder == NEW
        assert work.collections.get("guests").encoder == "encoder@1"
        ids, templates = work.faces.templates(faces)
        assert ids.tolist() == faces
        np.testing.assert_array_equal(templates, short(1, 2, 3))
        after = work.faces.get("col-staff", faces[0])
        assert (after.id, after.subject_id, after.box) == (before.id, "sub-Ada", before.box)
        assert after.encoder == NEW
        assert work.staged.count("col-staff", "encoder@3") == 0
        assert work.staged.count("col-guests", NEW) == 1
        lines = work.changes.after(head, limit=9)
        assert [(line.kind, line.partition, line.face_id) for line in lines] == [
            ("drop", STAFF, None),
            *(("add", STAFF_NEW, face) for face in faces),
        ]
        earlier = work.changes.after(0, limit=9)[: -len(lines)]
        assert [line.partition.collection_id for line in earlier] == ["col-guests"]


def test_nothing_is_promoted_while_a_face_is_missing(storage: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(storage, faces=3)
    with storage.write() as work:
        work.staged.put(NEW, faces[:2], short(1, 2))
    with pytest.raises(EncoderMismatchError), storage.write() as work:
        work.staged.promote("col-staff", NEW)
    with storage.read() as work:
        assert work.collections.get("staff").encoder == "encoder@1"
        assert work.staged.count("col-staff", NEW) == 2


def test_an_empty_collection_can_change_too(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage, faces=0)
    with storage.write() as work:
        assert work.staged.promote("col-staff", NEW) == 0
        assert work.collections.get("staff").encoder == NEW


def rows(work: SqlUnitOfWork) -> int:
    """Staged templates there are, whoever they belong to."""
    query = "SELECT count(*) FROM staged_templates"
    return int(work.staged._connection.exec_driver_sql(query).scalar_one())


@pytest.mark.parametrize("erased", ["face", "subject", "collection"])
def test_erasure_takes_staged_templates_along(
    storage: SqlStorage, samples: Samples, erased: str
) -> None:
    faces = samples.fill(storage, faces=2)
    with storage.write() as work:
        work.staged.put(NEW, faces, short(1, 2))
        if erased == "face":
            work.faces.remove([work.faces.get("col-staff", face) for face in faces])
        elif erased == "subject":
            work.subjects.remove("sub-Ada")
        else:
            work.collections.remove("col-staff")
        assert rows(work) == 0


def test_faces_erased_before_their_template_came(storage: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(storage, faces=2)
    with storage.write() as work:
        work.faces.remove([work.faces.get("col-staff", faces[0])])
        work.staged.put(NEW, faces, short(1, 2))
        work.staged.put(NEW, faces[:1], short(1))
        assert rows(work) == 1
        assert work.staged.missing("col-staff", NEW, limit=9) == []


def test_discarding(storage: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(storage, faces=2)
    with storage.write() as work:
        eve = guests(work, samples)
        work.staged.put(NEW, [*faces, eve], short(1, 2, 3))
        work.staged.put("encoder@3", faces, short(1, 2))
        assert work.staged.discard("col-staff", NEW) == 2
        assert work.staged.count("col-staff", "encoder@3") == 2
        assert work.staged.discard("col-staff") == 2
        assert rows(work) == 1


def test_what_would_be_left_out_is_counted(storage: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(storage, faces=4)  # without pictures
    digest = "0" * 64
    with storage.write() as work:
        guests(work, samples)
        work.images.add(digest, media_type="image/jpeg", size=1)
        kept = work.faces.by_ids(faces)
        work.faces._connection.execute(
            update(FaceRow).where(FaceRow.id == faces[3]).values(image_digest=digest)
        )
        assert work.staged.pictured("col-staff", NEW, limit=9) == [(faces[3], digest)]
        assert work.staged.pictured("col-staff", NEW, after=faces[3], limit=9) == []
        subjects = sorted({face.subject_id for face in kept.values()})
        whole = work.staged.left_out("col-staff", NEW, faces[3:], named=9)
        assert whole == LeftOutCounts(len(subjects), 4, len(subjects), tuple(subjects))
        assert work.staged.left_out("col-staff", NEW, [], named=9).faces == 3
        assert work.staged.left_out("col-staff", NEW, faces[3:], named=1).named == (subjects[0],)
        work.staged.put(NEW, faces, short(1, 2, 3, 4))
        ready = work.staged.left_out("col-staff", NEW, faces[3:], named=9)
        assert ready == LeftOutCounts(len(subjects), 0, 0, ())
        assert work.staged.count_pictured("col-staff", NEW) == 0
        assert work.staged.count_pictured("col-staff", "encoder@3") == 1
        assert work.staged.left_out("col-nobody", NEW, [], named=9) == LeftOutCounts(0, 0, 0, ())
