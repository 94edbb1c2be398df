"""Templates under a secret rotation: in rows of both databases, and in every index engine."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from app.domain.errors.protection import MasterKeyMissingError, WrongMasterKeyError
from app.domain.gallery import Partition
from app.domain.people.sightings import NewSighting
from app.domain.protection import Rotation, stored_encoder
from app.protection.master_key import MasterKey
from app.protection.rotations import SecretRotations
from app.services.indexing.following import IndexFollower
from app.services.ports import VectorIndex
from app.storage.unit_of_work import SqlStorage, SqlUnitOfWork
from models.registry.errors import UnknownModelError
from models.registry.registry import Registry
from tests.contracts.conftest import NOON, Samples

KEY = MasterKey([bytes(range(32))])
NEW_KEY = MasterKey([bytes(reversed(range(32))), bytes(range(32))])
FIRST = Rotation(1, KEY.id)
HERE = Partition("col-staff", stored_encoder("encoder@1", FIRST))


@pytest.fixture
def protected(storage: SqlStorage) -> SqlStorage:
    storage.seal_with(KEY, SecretRotations(KEY))
    return storage


def sighting(
    samples: Samples, seed: int, encoder: str = "encoder@1", source: str = "door"
) -> NewSighting:
    face = samples.face()
    return NewSighting(
        "col-staff",
        encoder,
        samples.template(seed),
        NOON,
        source,
        None,
        face.box,
        face.landmarks,
        face.probability,
        face.pose,
        face.quality,
        None,
    )


def rows(work: SqlUnitOfWork, table: str) -> np.ndarray:
    """(N, dim) templates of the table, as they lie there."""
    query = text(f"SELECT template FROM {table}")  # noqa: S608 - names of tables
    found = work.faces._connection.execute(query).scalars()
    return np.stack([np.frombuffer(bytes(one), "<f4") for one in found])


def same(found: np.ndarray, wanted: np.ndarray) -> None:
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-6)


def test_rows_hold_nothing_that_a_template_is_like(protected: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(protected, faces=9)
    templates = np.stack([samples.template(seed) for seed in range(9)])
    with protected.write() as work:
        seen = [work.sightings.add(sighting(samples, seed)) for seed in range(9)]
        work.staged.put(stored_encoder("encoder@2", FIRST), faces, templates)
    with protected.read() as work:
        for table in ("faces", "sightings", "staged_templates"):
            assert np.abs(rows(work, table) @ templates.T).max() < 0.5
        ids, found = work.faces.templates(faces)
        assert ids.tolist() == faces
        same(found, templates)
        same(work.sightings.templates(seen)[1], templates)
        here = Partition("col-staff", "encoder@1")
        unnamed = work.sightings.before(here, 2**63 - 1, 9, compared=False)
        same(unnamed.templates, templates)
        assert work.sightings.nameless(Partition("col-staff", "encoder@1")) == 9
        assert work.sightings.waiting_partitions() == [Partition("col-staff", "encoder@1")]
        assert work.sightings.waiting(Partition("col-staff", "encoder@2")) == 0
        assert work.faces.partitions() == [HERE]
        assert {one.partition for one in work.changes.after(0, limit=99)} == {HERE}
        face = work.faces.get("col-staff", faces[0])
        assert (face.encoder, face.partition) == ("encoder@1", HERE)
        gallery = work.collections.get("staff")
        assert (gallery.encoder, gallery.rotation, gallery.partition) == ("encoder@1", FIRST, HERE)
    with protected.write() as work:
        work.staged.promote("col-staff", stored_encoder("encoder@2", FIRST))
    with protected.read() as work:
        same(work.faces.templates(faces)[1], templates)


def test_every_engine_holds_rows_that_only_a_turned_probe_finds(
    sqlite_database: str, samples: Samples, index: VectorIndex
) -> None:
    protected = SqlStorage.open(sqlite_database)
    protected.seal_with(KEY, SecretRotations(KEY))
    faces = samples.fill(protected, faces=20)
    templates = np.stack([samples.template(seed) for seed in range(20)])
    IndexFollower(protected, index).catch_up()
    with protected.read() as work:
        turned = work.faces.as_stored(HERE, templates)
    similarities, found = index.search(HERE, turned, 1)
    assert found.ravel().tolist() == faces
    np.testing.assert_allclose(similarities, 1, atol=2e-3)
    assert index.search(HERE, templates, 1)[0].max() < 0.5
    assert index.count(Partition("col-staff", "encoder@1")) == 0
    # A probe along each axis reads one number of every vector that the engine holds.
    numbers = np.zeros((20, 128), np.float32)
    for axis, (parts, ids) in enumerate(
        zip(*index.search(HERE, np.eye(128, dtype=np.float32), 20), strict=True)
    ):
        numbers[[faces.index(one) for one in ids], axis] = parts
    np.testing.assert_allclose(numbers, turned, atol=2e-3)
    assert np.abs(numbers @ templates.T).max() < 0.5


def test_collections_of_before_stay_as_they_are(storage: SqlStorage, samples: Samples) -> None:
    faces = samples.fill(storage, faces=2)
    storage.seal_with(KEY, SecretRotations(KEY))
    with storage.write() as work:
        faces.append(work.faces.add(samples.face(seed=2)).id)
        assert work.collections.get("staff").rotation is None
        assert work.rotations.behind() == ["col-staff"]
    with storage.read() as work:
        plain = np.stack([samples.template(seed) for seed in range(3)])
        np.testing.assert_array_equal(work.faces.templates(faces)[1], plain)
        np.testing.assert_array_equal(work.faces.stored(faces)[1], plain)
        assert work.faces.partitions() == [Partition("col-staff", "encoder@1")]


def test_without_the_key_templates_are_refused(protected: SqlStorage, samples: Samples) -> None:
    (face,) = samples.fill(protected, faces=1)
    other = MasterKey([bytes(32)])
    protected.seal_with(other, SecretRotations(other))
    with protected.read() as work, pytest.raises(WrongMasterKeyError):
        work.faces.templates([face])
    protected.seal_with(KEY)
    with protected.read() as work, pytest.raises(MasterKeyMissingError):
        work.faces.templates([face])
    with protected.write() as work, pytest.raises(MasterKeyMissingError):
        work.faces.add(samples.face())


def test_a_former_key_reads_and_the_next_rotation_comes_from_the_present_one(
    protected: SqlStorage, samples: Samples
) -> None:
    faces = samples.fill(protected, faces=1)
    protected.seal_with(NEW_KEY, SecretRotations(NEW_KEY))
    with protected.read() as work:
        same(work.faces.templates(faces)[1][0], samples.template(0))
        assert work.rotations.behind() == ["col-staff"]
        assert work.rotations.after(FIRST) == Rotation(2, NEW_KEY.id)


def test_a_changed_collection_keeps_its_rotation(protected: SqlStorage, samples: Samples) -> None:
    samples.fill(protected)
    with protected.write() as work:
        work.collections.update(replace(work.collections.get("staff"), name="crew"))
        assert work.collections.get("crew").rotation == FIRST


def test_a_version_that_knows_no_rotations_refuses_the_collection(
    protected: SqlStorage, samples: Samples, tmp_path: Path
) -> None:
    """It reads the name of the rotation as an encoder's, which no registry has."""
    samples.fill(protected)
    with protected.read() as work:
        query = text("SELECT encoder FROM collections")
        (name,) = work.faces._connection.execute(query).scalars()
    assert name == HERE.encoder != "encoder@1"
    registry = Registry(tmp_path)
    for known in [one.key for one in registry.manifests()]:
        with pytest.raises(UnknownModelError):
            registry.manifest(stored_encoder(known, FIRST))
