"""Whoever was erased does not come back: not by an older backup, not by an older export."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors.gallery import ErasedError
from app.domain.people.erasing import ErasedItem
from app.domain.people.sightings import NewSighting, SightingFilter, picture_owner
from app.services.moving.backup import Restored
from tests.contracts.conftest import NOON, Samples
from tests.contracts.moving.test_backup import Installation, silent
from tests.contracts.moving.test_portable_collections import Gallery, picture

pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
from app.files.parquet import CollectionFile


def later(seconds: int) -> dict[str, object]:
    return {"created_at": NOON.replace(second=seconds)}


@pytest.fixture
def installation(database: str, tmp_path: Path, samples: Samples) -> Iterator[Installation]:
    """Ada (faces 1, 2), Bob (3), Cy (4), each with pictures, and a sighting; `other` with Dee."""
    made = Installation(database, tmp_path / "images")
    with made.storage.write() as uow:
        uow.collections.add(samples.collection())
        uow.collections.add(samples.collection("other"))
        for number, name in enumerate(("Ada", "Ada", "Bob", "Cy"), start=1):
            if name != "Ada" or number == 1:
                uow.subjects.add(samples.subject(name))
            kept = made.pictures.keep(uow, f"sub-{name}", picture(number))
            face = samples.face(f"sub-{name}", number, image_digest=kept, **later(number))
            uow.faces.add(face)
        uow.subjects.add(samples.subject("Dee", collection_id="col-other"))
        uow.faces.add(samples.face("sub-Dee", 5, collection_id="col-other", **later(5)))
        kept = made.pictures.keep(uow, picture_owner("col-staff"), picture(9))
        uow.sightings.add(sighting(samples, kept))
    yield made
    made.engines.dispose()


def sighting(samples: Samples, image_digest: str | None) -> NewSighting:
    face = samples.face(seed=9)
    return NewSighting(
        collection_id="col-staff",
        encoder=face.encoder,
        template=face.template,
        at=NOON,
        source="a.jpg",
        source_digest=None,
        box=face.box,
        landmarks=face.landmarks,
        probability=face.probability,
        pose=face.pose,
        quality=face.quality,
        image_digest=image_digest,
    )


@pytest.fixture
def empty(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Installation]:
    """An empty installation that finds the same copies of ledgers."""
    path = tmp_path / "empty.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with closing(Installation(f"sqlite:///{path}", tmp_path / "empty-images")) as made:
        yield made


def names(installation: Installation) -> set[str]:
    with installation.storage.read() as uow:
        found = uow.collections.list(after=None, limit=10)
        return {s.name for c in found for s in uow.subjects.list(c.id, after=None, limit=10)}


def faces(installation: Installation) -> list[int]:
    with installation.storage.read() as uow:
        found = uow.collections.list(after=None, limit=10)
        return sorted(face.id for c in found for face in uow.faces.list(c.id, limit=10))


def restored(source: Installation, target: Installation, backup: Path) -> Restored:
    done = target.backups.restore(backup, silent)
    with target.storage.read() as uow:
        assert uow.ledger.installation().restored_from is not None
    named = {row[0] for row in target.contents()["images"]}
    assert set(target.images.digests()) == named
    return done


def test_an_older_backup_brings_nobody_back(
    installation: Installation, empty: Installation, tmp_path: Path
) -> None:
    installation.backups.take(tmp_path / "backup", silent)
    installation.erasure.subject("staff", "sub-Ada")
    installation.erasure.face("staff", 3)
    installation.erasure.collection("other")
    trial = empty.backups.restore(tmp_path / "backup", silent, dry_run=True)
    empty.backups.require_empty()
    done = restored(installation, empty, tmp_path / "backup")
    again = done.erased_again
    assert trial.erased_again == again
    assert (again.collections, again.subjects, again.faces, again.images) == (1, 2, 4, 3)
    assert (len(done.ledgers), done.unreadable) == (1, 0)
    assert (names(empty), faces(empty)) == ({"Bob", "Cy"}, [4])
    content = (tmp_path / "empty.db").read_bytes()
    assert not any(seed for seed in (1, 2, 3) if Samples().template(seed).tobytes() in content)


@pytest.mark.parametrize("way", ["one", "by filter", "with the subject"])
def test_an_older_backup_brings_no_sighting_back(
    installation: Installation, empty: Installation, tmp_path: Path, samples: Samples, way: str
) -> None:
    with installation.storage.write() as uow:
        seen = replace(sighting(samples, None), decision="known", subject_id="sub-Ada")
        one = uow.sightings.add(seen)
        kept = uow.sightings.add(replace(seen, subject_id="sub-Bob", source="b.jpg"))
    installation.backups.take(tmp_path / "backup", silent)
    if way == "one":
        installation.erasure.sighting("staff", one)
    elif way == "by filter":
        installation.erasure.sightings("staff", SightingFilter(subject_id="sub-Ada"))
    else:
        installation.erasure.subject("staff", "sub-Ada")
    assert restored(installation, empty, tmp_path / "backup").erased_again.sightings == 1
    with empty.storage.read() as uow:
        found = uow.sightings.list("col-staff", SightingFilter(decision="known"), limit=9)
    assert [row.id for row in found] == [kept]


def test_a_restored_installation_is_of_the_family(
    installation: Installation, empty: Installation, tmp_path: Path, migrated_sqlite: Path
) -> None:
    """The old backup comes again after a first restore, in which more was erased."""
    installation.backups.take(tmp_path / "backup", silent)
    installation.erasure.subject("staff", "sub-Ada")
    restored(installation, empty, tmp_path / "backup")
    empty.erasure.subject("staff", "sub-Bob")
    path = tmp_path / "third.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with closing(Installation(f"sqlite:///{path}", tmp_path / "third-images")) as third:
        done = restored(installation, third, tmp_path / "backup")
        assert (names(third), len(done.ledgers)) == ({"Cy", "Dee"}, 2)
        with third.storage.read() as uow:
            assert uow.ledger.erased_subjects(["sub-Ada", "sub-Bob"]) == {"sub-Ada", "sub-Bob"}


def test_without_its_file_a_ledger_can_be_named(
    installation: Installation, empty: Installation, tmp_path: Path
) -> None:
    installation.backups.take(tmp_path / "backup", silent)
    installation.erasure.subject("staff", "sub-Ada")
    (file,) = (tmp_path / "ledgers").glob("*.jsonl")
    elsewhere = file.rename(tmp_path / "noted.jsonl")
    with elsewhere.open("ab") as damaged:
        damaged.write(b'{"seq": 9, "kind": "fa')
    done = empty.backups.restore(tmp_path / "backup", silent, ledgers=[elsewhere])
    assert (done.erased_again.subjects, done.unreadable) == (1, 1)
    assert names(empty) == {"Bob", "Cy", "Dee"}


def test_the_file_gets_what_it_missed_and_survives_half_a_line(
    installation: Installation, tmp_path: Path
) -> None:
    installation.erasure.face("staff", 1)
    (file,) = (tmp_path / "ledgers").glob("*.jsonl")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert installation.erasure.copy_ledger()
    found = list(installation.ledgers.read(file))
    assert found[0] is None and found[1] is not None and found[1].id == "1"
    installation.erasure.face("staff", 2)
    assert [one and one.id for one in installation.ledgers.read(file)] == [None, "1", "2"]
    file.unlink()
    assert installation.erasure.copy_ledger()
    assert [one and one.id for one in installation.ledgers.read(file)] == ["1", "2"]


def test_what_went_into_somebody_goes_with_them(
    installation: Installation, empty: Installation, samples: Samples, tmp_path: Path
) -> None:
    """Before the backup Bob was two subjects and a sighting; all of them are Ada since."""
    installation.backups.take(tmp_path / "backup", silent)
    corrections = installation.corrections()
    corrections.merge("staff", "sub-Bob", "sub-Cy")
    corrections.merge("staff", "sub-Ada", "sub-Bob")
    with installation.storage.write() as uow:
        (seen,) = uow.sightings.list("col-staff", limit=2)
        face = uow.faces.add(samples.face("sub-Ada", seed=9))
        item = ErasedItem("sighting", str(seen.id), "col-staff", seen.at, NOON)
        uow.ledger.went_into(item, "face", str(face.id))
        uow.sightings.remove([seen.id])
    installation.erasure.subject("staff", "sub-Ada")
    done = restored(installation, empty, tmp_path / "backup")
    again = done.erased_again
    assert (again.subjects, again.faces, again.sightings, again.images) == (3, 4, 1, 5)
    assert names(empty) == {"Dee"}


def test_what_was_taken_out_again_stays(
    installation: Installation, empty: Installation, tmp_path: Path
) -> None:
    installation.backups.take(tmp_path / "backup", silent)
    corrections = installation.corrections()
    merged = corrections.merge("staff", "sub-Ada", "sub-Bob").operation
    assert merged is not None
    corrections.undo("staff", merged.id)
    installation.erasure.subject("staff", "sub-Ada")
    restored(installation, empty, tmp_path / "backup")
    assert names(empty) == {"Bob", "Cy", "Dee"}


def test_numbers_that_were_erased_are_not_given_again(
    installation: Installation, empty: Installation, samples: Samples, tmp_path: Path
) -> None:
    installation.backups.take(tmp_path / "backup", silent)
    last = installation.enrol(samples, 77)
    installation.erasure.face("staff", last)
    restored(installation, empty, tmp_path / "backup")
    with empty.storage.write() as uow:
        assert uow.faces.add(samples.face("sub-Bob", 78)).id > last
        assert uow.sightings.add(sighting(samples, None)) == 2


def test_a_dry_run_notes_nothing(installation: Installation) -> None:
    installation.erasure.subject("staff", "sub-Ada", dry_run=True)
    assert installation.contents()["erased_items"] == []


@pytest.fixture
def gallery(installation: Installation, tmp_path: Path) -> Gallery:
    return Gallery(installation.storage, tmp_path / "images")


def test_an_older_export_brings_nobody_back(gallery: Gallery, tmp_path: Path) -> None:
    gallery.export(tmp_path / "staff.parquet")
    gallery.erasure.subject("staff", "sub-Ada")
    gallery.erasure.face("staff", 3)
    faces, present, rejected = gallery.restore(tmp_path / "staff.parquet")
    assert (faces, present) == (0, 1)
    assert [one.error.slug for one in rejected] == ["erased"] * 3
    exported = CollectionFile(tmp_path / "staff.parquet")
    assert exported.collection is not None
    work = gallery.importer.open(exported.collection, allow_erased=True)
    assert [r for page in exported.pages() for r in gallery.importer.store(work, page)] == []
    with gallery.storage.read() as uow:
        ada = uow.subjects.find("col-staff", "Ada")
        assert ada is not None and ada.id != "sub-Ada"
        assert uow.faces.count("col-staff") == 4


def test_an_export_of_an_erased_collection_is_refused(gallery: Gallery, tmp_path: Path) -> None:
    gallery.export(tmp_path / "staff.parquet")
    exported = CollectionFile(tmp_path / "staff.parquet").collection
    assert exported is not None
    gallery.erasure.collection("staff")
    for name in ("staff", "another"):
        with pytest.raises(ErasedError):
            gallery.importer.open(replace(exported, name=name))
    assert gallery.importer.open(exported, allow_erased=True).collection.id != exported.id
