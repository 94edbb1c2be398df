"""Export and import of whole collections: nothing is lost, nothing erased comes along."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.domain.errors.gallery import EncoderMismatchError
from app.domain.errors.requests import InvalidRequestError
from app.domain.people.review import Negative
from app.domain.people.rights import Consent, Rights
from app.domain.portable import PortableFace
from app.files.images import FileImageStore
from app.index.exact.index import ExactIndex
from app.protection.data_keys import DataKeys
from app.protection.master_key import MasterKey
from app.services.gallery.erasure import Erasure
from app.services.gallery.image_files import KeptPictures
from app.services.indexing.following import IndexFollower
from app.services.moving.collection_import import CollectionImporter, RejectedFace
from app.services.moving.exporting import Exporter
from app.storage.unit_of_work import SqlStorage
from models.registry.curve import ThresholdCurve
from tests.contracts.conftest import Samples

pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
from app.files.parquet import CollectionFile, writing

FACES = 7


class Encoders:
    """Knows every encoder; curves are not asked for here."""

    def resolve(self, encoder: str | None) -> str:
        return str(encoder)

    def require_ready(self, encoder: str) -> None:
        """All of them are."""

    def dimension(self, encoder: str) -> int:
        return 128

    def template_power(self, encoder: str) -> float:
        return 1.0

    def curve(self, encoder: str) -> ThresholdCurve:
        raise AssertionError("nobody decides anything here")


class Gallery:
    """Storage, images and index of one installation."""

    def __init__(self, storage: SqlStorage, root: Path) -> None:
        self.storage = storage
        self.images = FileImageStore(root)
        self.pictures = KeptPictures(storage, self.images, DataKeys(MasterKey([bytes(32)])))
        self.index = ExactIndex()
        follower = IndexFollower(storage, self.index)
        self.erasure = Erasure(storage, self.images, follower)
        self.exporter = Exporter(storage, self.pictures)
        self.importer = CollectionImporter(storage, self.pictures, Encoders(), follower)

    def export(self, path: Path, name: str = "staff") -> bytes:
        with self.storage.read() as uow:
            collection = uow.collections.get(name)
        with writing(path, collection) as file:
            for page in self.exporter.pages(collection):
                file.write(page)
        return path.read_bytes()

    def restore(self, path: Path, *, name: str = "staff") -> tuple[int, int, list[RejectedFace]]:
        file = CollectionFile(path)
        assert file.collection is not None
        return self.restore_pages(replace(file.collection, name=name), file.pages())

    def restore_pages(
        self, collection: Any, pages: Iterator[Sequence[PortableFace]]
    ) -> tuple[int, int, list[RejectedFace]]:
        work = self.importer.open(collection)
        rejected = [one for page in pages for one in self.importer.store(work, page)]
        self.importer.finish()
        return work.faces, work.present, rejected


def picture(seed: int) -> bytes:
    return b"\xff\xd8\xff" + np.random.default_rng(seed).bytes(500)


@pytest.fixture
def gallery(storage: SqlStorage, samples: Samples, tmp_path: Path) -> Gallery:
    """Ada with faces, some of which have an image; Bob without any."""
    gallery = Gallery(storage, tmp_path / "images")
    samples.fill(storage, faces=0)
    with storage.write() as uow:
        for seed in range(FACES):
            subject = samples.face().subject_id
            digest = gallery.pictures.keep(uow, subject, picture(seed)) if seed % 3 else None
            uow.faces.add(samples.face(seed=seed, image_digest=digest))
    return gallery


@pytest.fixture
def empty(tmp_path: Path, migrated_sqlite: Path) -> Gallery:
    """Another installation."""
    path = tmp_path / "elsewhere.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    return Gallery(SqlStorage.open(f"sqlite:///{path}"), tmp_path / "other-images")


def test_there_and_back_every_byte_is_the_same(
    gallery: Gallery, empty: Gallery, tmp_path: Path
) -> None:
    first = gallery.export(tmp_path / "first.parquet")
    assert empty.restore(tmp_path / "first.parquet") == (FACES, 0, [])
    assert empty.export(tmp_path / "second.parquet") == first
    with empty.storage.read() as uow:
        head, counts = uow.changes.head(), uow.faces.counts()
    assert counts == {"staff": FACES}
    assert empty.index.watermark() == head


def test_negatives_come_along(gallery: Gallery, empty: Gallery, tmp_path: Path) -> None:
    """Of enrolled faces, though the subject comes in behind them, and once each."""
    at = datetime(2026, 1, 31, tzinfo=UTC)
    with gallery.storage.write() as uow:
        here = uow.collections.get("staff").id
        face = uow.faces.list(here, limit=1)[0].id
        uow.negatives.add([Negative("first", here, "sub-Bob", face, None, at, "local")])
    first = gallery.export(tmp_path / "first.parquet")
    for stored, present in ((FACES, 0), (0, FACES)):  # then as after one that was broken off
        assert empty.restore(tmp_path / "first.parquet") == (stored, present, [])
        with empty.storage.read() as uow:
            there = uow.collections.get("staff")
            face = uow.faces.list(there.id, limit=1)[0].id
            assert uow.negatives.faces(there.id) == {("sub-Bob", face)} and there.has_negatives
    assert empty.export(tmp_path / "second.parquet") == first


def test_rights_come_along(gallery: Gallery, empty: Gallery, tmp_path: Path) -> None:
    at = datetime(2026, 1, 31, tzinfo=UTC)
    consent = Consent("consent", "form 7", at, at + timedelta(days=9), None, at, "local")
    kept = {"sub-Ada": Rights(at, None, consent), "sub-Bob": Rights(keep_until=at)}
    with gallery.storage.write() as uow:
        for subject, rights in kept.items():
            uow.rights.put(uow.collections.get("staff").id, subject, rights)
    first = gallery.export(tmp_path / "first.parquet")
    assert empty.restore(tmp_path / "first.parquet") == (FACES, 0, [])
    with empty.storage.read() as uow:
        assert {subject: uow.rights.get(subject) for subject in kept} == kept
        assert uow.rights.barred(list(kept), at) == {"sub-Ada"}
    assert empty.export(tmp_path / "second.parquet") == first


def test_importing_twice_adds_nothing(gallery: Gallery, empty: Gallery, tmp_path: Path) -> None:
    gallery.export(tmp_path / "staff.parquet")
    file = CollectionFile(tmp_path / "staff.parquet")
    pages = list(file.pages())
    assert empty.restore_pages(file.collection, iter([pages[0][:3]]))[:2] == (3, 0)
    assert empty.restore(tmp_path / "staff.parquet") == (FACES - 3, 3, [])
    assert gallery.restore(tmp_path / "staff.parquet") == (0, FACES, [])


def test_a_subject_of_more_faces_than_are_read_at_once_is_known_whole(
    gallery: Gallery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.moving.collection_import._PAGE", 3)
    gallery.export(tmp_path / "staff.parquet")
    assert gallery.restore(tmp_path / "staff.parquet") == (0, FACES, [])


def test_a_copy_beside_the_original_has_ids_of_its_own(gallery: Gallery, tmp_path: Path) -> None:
    gallery.export(tmp_path / "staff.parquet")
    assert gallery.restore(tmp_path / "staff.parquet", name="copy") == (FACES, 0, [])
    with gallery.storage.read() as uow:
        both = [uow.collections.get(name).id for name in ("staff", "copy")]
        ada, other = (uow.subjects.find(collection, "Ada") for collection in both)
        assert ada is not None and other is not None
        assert ada.id != other.id
        assert ada.metadata == other.metadata


def test_what_was_erased_is_in_no_export(
    gallery: Gallery, samples: Samples, tmp_path: Path
) -> None:
    before = gallery.export(tmp_path / "before.parquet")
    traces = [picture(1), samples.template(1).tobytes(), b"Ada"]
    assert all(trace in before for trace in traces)
    gallery.erasure.subject("staff", "sub-Ada")
    after = gallery.export(tmp_path / "after.parquet")
    assert not any(trace in after for trace in traces)
    assert CollectionFile(tmp_path / "after.parquet").rows == 1  # Bob


def test_an_export_beside_erasures_holds_whole_faces_only(
    gallery: Gallery, samples: Samples, tmp_path: Path
) -> None:
    with gallery.storage.read() as uow:
        ids = [face.id for face in uow.faces.list("col-staff", limit=100)]
    eraser = threading.Thread(
        target=lambda: [gallery.erasure.face("staff", face) for face in ids[::2]]
    )
    eraser.start()
    for number in range(5):
        gallery.export(tmp_path / f"{number}.parquet")
    eraser.join()
    gallery.export(tmp_path / "last.parquet")
    for path in tmp_path.glob("*.parquet"):
        faces = [one for page in CollectionFile(path).pages() for one in page if one.face]
        assert len(faces) >= FACES // 2
        kept = {samples.template(seed).tobytes(): picture(seed) for seed in range(FACES)}
        for one in faces:
            assert one.face is not None
            assert one.image in (None, kept[one.face.template.tobytes()])
    assert len(faces) >= FACES // 2


def test_another_encoder_is_refused(
    gallery: Gallery, empty: Gallery, samples: Samples, tmp_path: Path
) -> None:
    gallery.export(tmp_path / "staff.parquet")
    with empty.storage.write() as uow:
        uow.collections.add(samples.collection(encoder="encoder@2"))
    with pytest.raises(EncoderMismatchError):
        empty.restore(tmp_path / "staff.parquet")


def test_what_facet_has_not_written_is_rejected(
    gallery: Gallery, empty: Gallery, tmp_path: Path
) -> None:
    gallery.export(tmp_path / "staff.parquet")
    file = CollectionFile(tmp_path / "staff.parquet")
    faces = [one for page in file.pages() for one in page if one.face is not None]
    good = faces[0]
    face = good.face
    assert face is not None
    long = replace(good, face=replace(face, template=face.template * 2))
    short = replace(good, face=replace(face, template=face.template[:64]))
    other = replace(faces[1], image=b"<svg/>")
    nan = replace(good, face=replace(face, template=np.full(128, np.nan, np.float32)))
    stored, _, rejected = empty.restore_pages(
        file.collection, iter([[good, long, short, other, nan]])
    )
    assert stored == 1
    assert [one.error.slug for one in rejected] == ["invalid-request"] * 4


def test_files_that_are_no_exports(tmp_path: Path) -> None:
    from pyarrow import Table, parquet

    (tmp_path / "text.parquet").write_text("no parquet")
    with pytest.raises(InvalidRequestError):
        CollectionFile(tmp_path / "text.parquet")
    parquet.write_table(Table.from_pylist([{"a": 1}]), tmp_path / "plain.parquet")
    plain = CollectionFile(tmp_path / "plain.parquet")
    assert plain.collection is None
    with pytest.raises(InvalidRequestError):
        list(plain.pages())
    header = json.dumps({"format": 99}).encode()
    table = Table.from_pylist([{"a": 1}]).replace_schema_metadata({b"facet.collection": header})
    parquet.write_table(table, tmp_path / "later.parquet")
    with pytest.raises(InvalidRequestError, match="another version"):
        _ = CollectionFile(tmp_path / "later.parquet").collection


def test_an_export_that_fails_leaves_the_old_file(gallery: Gallery, tmp_path: Path) -> None:
    path = tmp_path / "staff.parquet"
    before = gallery.export(path)
    with gallery.storage.read() as uow:
        collection = uow.collections.get("staff")
    with pytest.raises(RuntimeError, match="away"), writing(path, collection) as file:
        file.write(next(gallery.exporter.pages(collection)))
        raise RuntimeError("the disk went away")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []
