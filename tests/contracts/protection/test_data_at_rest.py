"""Whoever has every file and not the key finds no picture and no template that is like a face."""

from pathlib import Path

import numpy as np
import pytest

from app.bootstrap.stores import Stores, open_backups, open_stores
from app.domain.errors.protection import MasterKeyMissingError
from app.domain.protection import stored_encoder
from app.files.encryption import recipients_of
from app.files.parquet import CollectionFile, writing
from app.index.growing.index import GrowingIndex
from app.protection.data_keys import DataKeys
from app.services.gallery.image_files import KeptPictures
from app.services.moving.exporting import Exporter
from app.settings import Settings
from tests.contracts.conftest import Samples
from tests.contracts.protection import naming
from tests.contracts.protection.test_protected_templates import sighting
from tests.contracts.protection.usable import holding, likeness

pyrage = pytest.importorskip("pyrage", reason="encrypted exports need pyrage")
FACES = 40
PICTURE = b"\xff\xd8\xff" + np.random.default_rng(0).bytes(3000)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """So few faces are clustered that the index writes its files."""
    return Settings(
        data_dir=tmp_path / "data",
        master_key_file=tmp_path / "elsewhere" / "master.key",
        index_exact_limit=16,
    )


def fill(stores: Stores, samples: Samples) -> KeptPictures:
    """Faces with pictures, sightings, templates that wait, and the index's files over them."""
    pictures = KeptPictures(stores.storage, stores.images, DataKeys(stores.master_key))
    with stores.storage.write() as uow:
        gallery = uow.collections.add(samples.collection())
        uow.subjects.add(samples.subject())
        for seed in range(FACES):
            digest = pictures.keep(uow, "sub-Ada", PICTURE) if seed < 3 else None
            uow.faces.add(samples.face(seed=seed, image_digest=digest))
        uow.sightings.add(sighting(samples, 0))
        waiting = stored_encoder("encoder@2", gallery.rotation)
        uow.staged.put(waiting, [1], samples.template(0)[None])
    stores.follower.catch_up()
    assert isinstance(stores.index, GrowingIndex)
    stores.index.build_now()
    stores.index.close()
    return pictures


def exported(stores: Stores, pictures: KeptPictures, path: Path, recipients: list[object]) -> None:
    with stores.storage.read() as uow:
        gallery = uow.collections.get("staff")
    with writing(path, gallery, recipients) as file:
        for page in Exporter(stores.storage, pictures).pages(gallery):
            file.write(page)


def test_no_file_holds_a_usable_template_or_a_picture(
    settings: Settings, tmp_path: Path, samples: Samples
) -> None:
    stores = open_stores(settings)
    pictures = fill(stores, samples)
    backups, _ = open_backups(settings)
    backups.take(tmp_path / "backup", lambda stage, done, total: None)
    stranger = str(pyrage.x25519.Identity.generate().to_public())
    exported(stores, pictures, tmp_path / "sealed.age", recipients_of([stranger]))
    exported(stores, pictures, tmp_path / "plain.parquet", [])
    stores.storage.close()
    wanted = [samples.template(seed) for seed in (0, FACES - 1)]
    files = {path.name for path in settings.data_dir.rglob("*") if path.is_file()}
    assert {"facet.db", "vectors", "structure"} <= files
    for place in (settings.data_dir, tmp_path / "backup", tmp_path / "sealed.age"):
        assert holding(place, wanted) == set()
        found = [place] if place.is_file() else [p for p in place.rglob("*") if p.is_file()]
        assert not any(PICTURE[100:200] in path.read_bytes() for path in found)
    # The same search finds them where they are: in an export for its owner, which turns them back.
    assert holding(tmp_path / "plain.parquet", wanted) == {"plain.parquet"}
    assert PICTURE[100:200] in (tmp_path / "plain.parquet").read_bytes()


def test_no_file_names_anybody_of_a_sealed_collection(
    settings: Settings, tmp_path: Path, samples: Samples
) -> None:
    stores = open_stores(settings)
    naming.fill(stores.storage, samples, sealed=True)
    stores.follower.catch_up()
    backups, _ = open_backups(settings)
    backups.take(tmp_path / "backup", lambda stage, done, total: None)
    pictures = KeptPictures(stores.storage, stores.images, DataKeys(stores.master_key))
    stranger = str(pyrage.x25519.Identity.generate().to_public())
    exported(stores, pictures, tmp_path / "sealed.age", recipients_of([stranger]))
    exported(stores, pictures, tmp_path / "plain.parquet", [])
    places = (settings.data_dir, tmp_path / "backup", tmp_path / "sealed.age")
    assert (settings.data_dir / "facet.db-wal").stat().st_size > 0
    assert naming.named_in_files(places) == set()
    stores.storage.close()
    assert naming.named_in_files(places) == set()
    # An export is for its owner, and so is a backup for whoever has the key.
    file = CollectionFile(tmp_path / "plain.parquet")
    assert file.collection is not None and file.collection.sealed
    assert [one.subject.name for page in file.pages() for one in page] == [naming.NAMES["name"]]
    other = settings.model_copy(update={"data_dir": tmp_path / "other"})
    open_backups(other)[0].restore(tmp_path / "backup", lambda stage, done, total: None)
    restored = open_stores(other)
    with restored.storage.read() as uow:
        found = uow.subjects.find("col-staff", naming.NAMES["name"])
    restored.storage.close()
    assert found is not None and found.external_id == naming.NAMES["external_id"]
    assert naming.named_in_files([other.data_dir]) == set()


def test_the_search_of_files_finds_every_name_in_an_open_collection(
    settings: Settings, samples: Samples
) -> None:
    stores = open_stores(settings)
    naming.fill(stores.storage, samples, sealed=False)
    stores.storage.close()
    assert naming.named_in_files([settings.data_dir]) == set(naming.NAMES)


def test_a_backup_is_of_no_use_to_whoever_lacks_the_key(
    settings: Settings, tmp_path: Path, samples: Samples
) -> None:
    stores = open_stores(settings)
    fill(stores, samples)
    open_backups(settings)[0].take(tmp_path / "backup", lambda stage, done, total: None)
    other = settings.model_copy(
        update={
            "data_dir": tmp_path / "other",
            "master_key_file": tmp_path / "another" / "master.key",
        }
    )
    with pytest.raises(MasterKeyMissingError):
        open_backups(other)[0].restore(tmp_path / "backup", lambda stage, done, total: None)


@pytest.mark.parametrize("kind", ["<f2", "<f4", "<f8"])
@pytest.mark.parametrize("shift", [0, 1, 3])
def test_the_search_finds_a_template_of_any_width_at_any_place(
    kind: str, shift: int, samples: Samples
) -> None:
    template = samples.template(0)
    noise = np.random.default_rng(1).bytes(5000 + shift)
    assert likeness(noise + template.astype(kind).tobytes() + noise, template) > 0.99
    assert likeness(noise + samples.template(1).astype(kind).tobytes() + noise, template) < 0.5
