"""Kept pictures are found nowhere without the key, and their data keys end with them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.errors.protection import SealBrokenError, WrongMasterKeyError
from app.files.images import FileImageStore
from app.files.ledgers import LedgerFiles
from app.index.exact.index import ExactIndex
from app.protection.data_keys import DataKeys
from app.protection.master_key import MasterKey
from app.services.gallery.erasure import Erasure
from app.services.gallery.faces import EnrolledFaces
from app.services.gallery.image_files import KeptPictures
from app.services.indexing.following import IndexFollower
from app.services.moving.backup import Backups
from app.services.moving.protecting import Protection, Protector
from app.storage.copies.archive import DatabaseArchive, DatabaseCopies
from app.storage.engine import open_engines
from app.storage.tables import DataKeyRow
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples

OLD, NEW = bytes(32), bytes(range(32))
PICTURE = b"\xff\xd8\xff" + b"the face of Ada" * 40


class Place:
    """A gallery with Ada and Bob, and its pictures."""

    def __init__(self, url: str, root: Path) -> None:
        self.url, self.root = url, root
        self.engines = open_engines(url, busy_timeout=2.0)
        self.storage = SqlStorage(self.engines)
        self.files = FileImageStore(root / "images")
        follower = IndexFollower(self.storage, ExactIndex())
        self.erasure = Erasure(self.storage, self.files, follower)
        self.samples = Samples()
        self.under(OLD)
        self.samples.fill(self.storage, faces=0)

    def under(self, *keys: bytes) -> None:
        self.cipher = DataKeys(MasterKey(keys))
        self.pictures = KeptPictures(self.storage, self.files, self.cipher)
        self.faces = EnrolledFaces(self.storage, self.pictures)
        self.protector = Protector(self.storage, self.files, self.pictures, self.cipher)

    def enrol(self, subject: str, seed: int, picture: bytes = PICTURE) -> int:
        with self.storage.write() as uow:
            digest = self.pictures.keep(uow, subject, picture)
            face = self.samples.face(seed=seed, image_digest=digest)
            return uow.faces.add(replace(face, subject_id=subject)).id

    def enrol_plain(self, subject: str, seed: int, picture: bytes = PICTURE) -> int:
        """As the version before did."""
        digest = self.files.put(picture)
        with self.storage.write() as uow:
            uow.images.add(digest, media_type="image/jpeg", size=len(picture))
            face = self.samples.face(seed=seed, image_digest=digest)
            return uow.faces.add(replace(face, subject_id=subject)).id

    def data_keys(self) -> set[bytes]:
        with self.engines.reader.connect() as connection:
            return set(connection.execute(select(DataKeyRow.sealed)).scalars())

    def bytes_everywhere(self) -> bytes:
        return b"".join(p.read_bytes() for p in self.root.rglob("*") if p.is_file())


@pytest.fixture
def place(sqlite_database: str, tmp_path: Path) -> Iterator[Place]:
    made = Place(sqlite_database, tmp_path)
    yield made
    made.engines.dispose()


def subjects(place: Place) -> tuple[str, str]:
    with place.storage.read() as uow:
        found = uow.subjects.list("col-staff", after=None, limit=9)
    ada, bob = [subject.id for subject in found][:2]
    return ada, bob


def test_no_picture_lies_anywhere_without_the_key(place: Place, tmp_path: Path) -> None:
    ada, bob = subjects(place)
    first, second = place.enrol(ada, 1), place.enrol(bob, 2)
    archive = DatabaseArchive(place.url, place.engines, tmp_path)
    ledgers = LedgerFiles(tmp_path / "ledgers")
    copies = DatabaseCopies()
    backups = Backups(archive, copies, place.files, FileImageStore, lambda _: None, ledgers)
    backups.take(tmp_path / "backup", lambda *_: None)
    for part in (b"the face of Ada", PICTURE[:16]):
        assert part not in place.bytes_everywhere()
    assert place.faces.image("staff", first) == place.faces.image("staff", second) == PICTURE
    assert len(list(place.files.digests())) == 2, "one picture of two people looks like two"
    assert place.enrol(ada, 3) and len(list(place.files.digests())) == 2


def test_another_master_key_reads_nothing(place: Place) -> None:
    face = place.enrol(subjects(place)[0], 1)
    place.under(NEW)
    with pytest.raises(WrongMasterKeyError):
        place.faces.image("staff", face)
    place.under(NEW, OLD)
    assert place.faces.image("staff", face) == PICTURE


def test_changed_and_exchanged_files_are_noticed(place: Place) -> None:
    ada, bob = subjects(place)
    face, other = place.enrol(ada, 1), place.enrol(bob, 2)
    paths = [p for p in (place.root / "images").rglob("*") if len(p.name) == 64]
    contents = [p.read_bytes() for p in paths]
    for path, content in zip(paths, reversed(contents), strict=True):
        path.write_bytes(content)
    for one in (face, other):
        with pytest.raises(SealBrokenError):
            place.faces.image("staff", one)
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content[:-1])
    with pytest.raises(SealBrokenError):
        place.faces.image("staff", face)


def test_a_data_key_ends_with_the_last_picture_under_it(place: Place) -> None:
    ada, bob = subjects(place)
    first = place.enrol(ada, 1, PICTURE + b"1")
    place.enrol(ada, 2, PICTURE + b"2")
    place.enrol(bob, 3)
    keys = place.data_keys()
    assert len(keys) == 2
    place.erasure.face("staff", first)
    assert place.data_keys() == keys
    place.erasure.subject("staff", ada)
    (left,) = place.data_keys()
    (gone,) = keys - {left}
    assert gone not in place.bytes_everywhere(), "the write-ahead log is emptied of it"
    place.erasure.collection("staff")
    assert place.data_keys() == set() and list(place.files.digests()) == []


def test_a_picture_that_moved_to_another_subject_keeps_its_key(place: Place) -> None:
    ada, bob = subjects(place)
    face = place.enrol(ada, 1)
    with place.storage.read() as uow:
        digest = uow.faces.get("col-staff", face).image_digest
    assert digest is not None
    with place.storage.write() as uow:
        uow.faces.add(replace(place.samples.face(seed=2, image_digest=digest), subject_id=bob))
    place.erasure.subject("staff", ada)
    with place.storage.read() as uow:
        (moved,) = uow.faces.list("col-staff", limit=9)
    assert place.faces.image("staff", moved.id) == PICTURE
    place.erasure.subject("staff", bob)
    assert place.data_keys() == set()


def test_what_was_kept_before_is_read_and_then_protected(place: Place) -> None:
    ada, bob = subjects(place)
    faces = [place.enrol_plain(ada, 1), place.enrol_plain(bob, 2)]  # one file
    faces += [place.enrol_plain(ada, n, PICTURE + bytes([n])) for n in range(3, 40)]
    pictures = [place.faces.image("staff", face) for face in faces]
    assert b"the face of Ada" in place.bytes_everywhere()
    assert place.protector.plan() == Protection(pictures=38)
    assert place.protector.plan() == Protection(pictures=38), "a dry run changes nothing"
    reported: list[tuple[str, int, int]] = []
    assert place.protector.run(lambda *one: reported.append(one)) == Protection(pictures=38)
    assert reported[0][1:] == (16, 38) and reported[2][1:] == (38, 38)
    place.storage.checkpoint()
    assert b"the face of Ada" not in place.bytes_everywhere()
    assert [place.faces.image("staff", face) for face in faces] == pictures
    assert place.protector.run(lambda *_: None) == Protection()


def test_protection_goes_on_where_it_was_interrupted(place: Place) -> None:
    ada, _ = subjects(place)
    faces = [place.enrol_plain(ada, n, PICTURE + bytes([n])) for n in range(40)]

    def stop(what: str, done: int, total: int) -> None:
        if done >= 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place.protector.run(stop)
    assert place.protector.plan() == Protection(pictures=24)
    assert place.protector.run(lambda *_: None) == Protection(pictures=24)
    assert all(place.faces.image("staff", face) for face in faces)
    assert b"the face of Ada" not in b"".join(
        p.read_bytes() for p in (place.root / "images").rglob("*") if p.is_file()
    )


def test_a_lost_file_is_counted_and_ends_nothing(place: Place) -> None:
    ada, _ = subjects(place)
    place.enrol_plain(ada, 1)
    (digest,) = place.files.digests()
    place.files.delete(digest)
    place.enrol_plain(ada, 2, PICTURE + b"2")
    assert place.protector.run(lambda *_: None) == Protection(pictures=2, lost=1)
    assert place.protector.plan() == Protection(pictures=1)


def test_keys_are_sealed_anew_under_a_new_master_key(place: Place) -> None:
    face = place.enrol(subjects(place)[0], 1)
    place.under(NEW, OLD)
    assert place.protector.plan() == Protection(keys=1)
    assert place.protector.run(lambda *_: None) == Protection(keys=1)
    place.under(NEW)
    assert place.faces.image("staff", face) == PICTURE
    assert place.protector.plan() == Protection()


def test_a_file_that_outlives_its_row_is_nobodys_picture(place: Place) -> None:
    """As it stands for a moment beside an erasure, whose transaction comes before the file."""
    face_id = place.enrol(subjects(place)[0], 1)
    with place.storage.write() as uow:
        face = uow.faces.by_ids([face_id])[face_id]
        assert face.image_digest is not None
        uow.faces.remove([face])
        uow.images.release([face.image_digest])
    assert place.files.get(face.image_digest) is not None
    assert place.pictures.read(face.image_digest) is None
    assert place.pictures.of_face(face) is None


def test_a_picture_protected_meanwhile_is_still_the_faces(place: Place) -> None:
    face_id = place.enrol_plain(subjects(place)[0], 1)
    with place.storage.read() as uow:
        face = uow.faces.by_ids([face_id])[face_id]
    place.protector.run(lambda *_: None)
    assert place.pictures.of_face(face) == PICTURE
