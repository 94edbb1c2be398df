"""Enrolment, erasure, sweep, backup and moving, with pictures in object storage."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors.trouble import ImagesUnavailableError
from app.files.buckets import Bucket, BucketImageStore
from app.files.images import FileImageStore
from app.services.gallery import image_files
from app.services.moving.pictures import PictureMover
from app.services.ports import ImageStore
from tests.fakes.analyser import picture
from tests.fakes.service import Service
from tests.plugins.objects import ObjectStorage


class Failing:
    """A store that is away while `away` is set, or after so many calls."""

    def __init__(self, store: ImageStore) -> None:
        self.store = store
        self.away = False
        self.calls_left = 10**9

    def put(self, data: bytes) -> str:
        self._ask()
        return self.store.put(data)

    def get(self, digest: str) -> bytes | None:
        self._ask()
        return self.store.get(digest)

    def has(self, digest: str) -> bool:
        self._ask()
        return self.store.has(digest)

    def delete(self, digest: str) -> bool:
        self._ask()
        return self.store.delete(digest)

    def digests(self) -> Iterator[str]:
        self._ask()
        return self.store.digests()

    def _ask(self) -> None:
        self.calls_left -= 1
        if self.away or self.calls_left < 0:
            raise ImagesUnavailableError("It is away.")


@pytest.fixture
def bucket(object_storage: ObjectStorage) -> Bucket:
    return object_storage.bucket()


@pytest.fixture
def images(bucket: Bucket) -> Failing:
    return Failing(BucketImageStore(bucket, lambda: "this one"))


@pytest.fixture
def service(sqlite_database: str, images: Failing) -> Iterator[Service]:
    service = Service(sqlite_database, images=images)
    with service.storage.write() as uow:
        uow.images.name_installation("this one")
    service.collections.create("staff")
    yield service
    service.close()


def digests(service: Service) -> list[str]:
    with service.storage.read() as uow:
        return list(uow.images.page(after="", limit=1000))


def test_objects_are_encrypted_and_named_by_rows(service: Service, images: Failing) -> None:
    service.enrol("Ada", picture("Ada"), picture("Ada", take=2))
    kept = digests(service)
    assert sorted(images.digests()) == kept
    assert len(kept) == 2
    for digest in kept:
        content = images.get(digest)
        assert content is not None
        assert b"portrait" not in content
        plain = service.pictures.read(digest)
        assert plain is not None
        assert plain.startswith(b"portrait of Ada")


def test_erasing_removes_the_objects(service: Service, images: Failing) -> None:
    subject = service.subjects.get_or_create("staff", "Ada")
    service.enrol("Ada", picture("Ada"), picture("Ada", take=2))
    service.enrol("Bob", picture("Bob"))
    receipt = service.erasure.subject("staff", subject.id)
    assert receipt.removed.images == 2
    assert receipt.files == "done"
    assert list(images.digests()) == digests(service)
    assert len(digests(service)) == 1


def test_nothing_is_enrolled_whose_picture_cannot_be_kept(
    service: Service, images: Failing
) -> None:
    images.away = True
    with pytest.raises(ImagesUnavailableError):
        service.enrol("Ada", picture("Ada"))
    images.away = False
    assert digests(service) == []
    assert service.recognized(picture("Ada")) == [None]
    service.enrol("Ada", picture("Ada"))
    assert service.recognized(picture("Ada")) == ["Ada"]


def test_what_is_erased_while_the_place_is_away_goes_when_it_is_back(
    service: Service, images: Failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.enrol("Ada", picture("Ada"))
    subject = service.subjects.get_or_create("staff", "Ada")
    images.away = True
    receipt = service.erasure.subject("staff", subject.id)
    assert receipt.removed.subjects == 1
    assert receipt.removed.images == 0
    assert receipt.files == "pending"
    images.away = False
    assert len(list(images.digests())) == 1
    assert service.erasure.finish() == 0  # the first minute is of whoever erased
    monkeypatch.setattr(image_files, "_ERASERS_OWN", timedelta(seconds=-1))
    assert service.erasure.finish() == 1
    assert list(images.digests()) == []
    assert service.erasure.finish() == 0


def test_a_picture_that_is_kept_again_is_not_deleted_late(
    service: Service, images: Failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.enrol("Ada", picture("Ada"), picture("Ada", take=2))
    subject = service.subjects.get_or_create("staff", "Ada")
    with service.storage.read() as uow:
        faces = uow.faces.list(uow.collections.get("staff").id, subject_id=subject.id, limit=9)
    images.away = True
    # The subject keeps its key with the other picture, so that the file's name comes again.
    assert service.erasure.face("staff", faces[0].id).files == "pending"
    images.away = False
    service.enrol("Ada", picture("Ada"))
    monkeypatch.setattr(image_files, "_ERASERS_OWN", timedelta(seconds=-1))
    service.erasure.finish()
    assert sorted(images.digests()) == digests(service)
    assert len(digests(service)) == 2


def test_objects_without_a_row_are_swept_once_a_day(service: Service, images: Failing) -> None:
    service.enrol("Ada", picture("Ada"))
    stray = images.put(b"of a server that crashed before its commit")
    assert service.erasure.sweep_if_due()
    assert images.get(stray) is None
    assert sorted(images.digests()) == digests(service)
    images.put(b"of another crash")
    assert not service.erasure.sweep_if_due()


def test_files_are_swept_at_start_and_not_beside(sqlite_database: str) -> None:
    service = Service(sqlite_database)
    service.images.put(b"stray")
    assert not service.erasure.sweep_if_due()
    assert service.erasure.sweep() == 1
    service.close()


def test_a_backup_holds_the_pictures_and_restores_them_elsewhere(
    service: Service,
    images: Failing,
    tmp_path: Path,
    object_storage: ObjectStorage,
    migrated_sqlite: Path,
) -> None:
    service.enrol("Ada", picture("Ada"))
    manifest = service.backups.take(tmp_path / "backup", lambda *_: None)
    assert manifest.images == 1
    target = tmp_path / "new" / "facet.db"
    target.parent.mkdir()
    target.write_bytes(migrated_sqlite.read_bytes())
    place = BucketImageStore(object_storage.bucket(), lambda: "the new one")
    restored = Service(f"sqlite:///{target}", images=place)
    restored.backups.restore(tmp_path / "backup", lambda *_: None)
    assert list(place.digests()) == digests(service)
    with restored.storage.read() as uow:
        assert uow.images.installation() is None  # it is no copy that owns the former's pictures
    assert restored.pictures.read(digests(service)[0]) is not None
    restored.close()


def moved(service: Service, source: ImageStore, target: ImageStore) -> PictureMover:
    return PictureMover(service.storage, target, lambda _: source)


def test_pictures_move_from_files_and_back(
    sqlite_database: str, images: Failing, tmp_path: Path
) -> None:
    files = FileImageStore(tmp_path / "images")
    service = Service(sqlite_database, images=files)
    service.collections.create("staff")
    for number in range(5):
        service.enrol(f"Person {number}", picture(f"Person {number}"))
    kept = digests(service)
    there = moved(service, files, images)
    assert there.plan("files").copied == 5
    assert list(images.digests()) == []
    done = there.run("files", lambda *_: None)
    assert (done.pictures, done.copied, done.there, done.removed) == (5, 5, 0, 0)
    assert sorted(images.digests()) == kept
    again = there.run("files", lambda *_: None, remove=True)
    assert (again.copied, again.there, again.removed) == (0, 5, 5)
    assert list(files.digests()) == []
    back = moved(service, images, files).run("bucket", lambda *_: None, remove=True)
    assert (back.copied, back.removed) == (5, 5)
    assert sorted(files.digests()) == kept
    service.close()


def test_an_interrupted_move_goes_on(sqlite_database: str, images: Failing, tmp_path: Path) -> None:
    files = FileImageStore(tmp_path / "images")
    service = Service(sqlite_database, images=files)
    service.collections.create("staff")
    for number in range(6):
        service.enrol(f"Person {number}", picture(f"Person {number}"))
    images.calls_left = 5
    with pytest.raises(ImagesUnavailableError):
        moved(service, files, images).run("files", lambda *_: None, remove=True)
    images.calls_left = 10**9
    half = len(list(images.digests()))
    assert half < 6
    assert {*images.digests(), *files.digests()} == set(digests(service))  # nothing is lost
    done = moved(service, files, images).run("files", lambda *_: None, remove=True)
    assert done.copied == 6 - half
    assert sorted(images.digests()) == digests(service)
    service.close()


def test_damaged_and_missing_files_are_counted_and_not_copied(
    sqlite_database: str, images: Failing, tmp_path: Path
) -> None:
    files = FileImageStore(tmp_path / "images")
    service = Service(sqlite_database, images=files)
    service.collections.create("staff")
    for number in range(3):
        service.enrol(f"Person {number}", picture(f"Person {number}"))
    damaged, missing, sound = digests(service)
    (tmp_path / "images" / damaged[:2] / damaged[2:4] / damaged).write_bytes(b"other bytes")
    files.delete(missing)
    done = moved(service, files, images).run("files", lambda *_: None, remove=True)
    assert (done.copied, done.missing, done.removed) == (1, 2, 1)
    assert list(images.digests()) == [sound]
    assert hashlib.sha256(images.get(sound) or b"").hexdigest() == sound
    service.close()
