"""What people said of faces and groups comes through backup and restore, and still counts."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.people.sightings import SightingFilter
from app.files.images import FileImageStore
from app.services.people.group_pages import GroupPages
from app.services.people.joining import GroupJoiner
from app.services.people.representing import Representatives
from app.services.people.review.answering import Reviews
from app.services.people.review.denying import Negatives
from app.services.people.review.finding import Suggestions
from app.storage.base import Base
from tests.contracts.moving.test_backup import silent
from tests.fakes.analyser import ENCODER, OneEncoder, picture
from tests.fakes.service import Service

_OWN = {"installation", "change_clock"}
"""Tables that each database has for itself."""


class Kept(Service):
    """A service that keeps its pictures in files, as backups find them."""

    def __init__(self, url: str, root: Path) -> None:
        super().__init__(url, images=FileImageStore(root))
        self.joiner = GroupJoiner(self.storage, OneEncoder(), self.groups)
        self.pages = GroupPages(self.storage)
        self.negatives = Negatives(self.storage)
        self.representatives = Representatives(self.storage)
        self.suggestions = Suggestions(self.storage, OneEncoder(), self.candidates)
        self.reviews = Reviews(self.storage, self.groups, self.corrections)

    def see(self, *people: str, take: int) -> None:
        self.recognized(picture(*people, take=take))
        assert self.recorder.flush(30)
        self.joiner.run()

    def subject(self, name: str) -> str:
        found = self.subjects.find("staff", name)
        assert found is not None
        return found.id

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row, but for the database's own."""
        with self.engines.reader.connect() as connection:
            return {
                table.name: [
                    tuple(row)
                    for row in connection.execute(select(table).order_by(*table.primary_key))
                ]
                for table in Base.metadata.sorted_tables
                if table.name not in _OWN
            }


@pytest.fixture
def staff(sqlite_database: str, tmp_path: Path) -> Iterator[Kept]:
    """Ada and Bob are enrolled; Cy, Dee and Eve were seen three times each."""
    with closing(Kept(sqlite_database, tmp_path / "images")) as service:
        service.collections.create("staff", policy={"remember": "unknown"})
        for name in ("Ada", "Bob"):
            service.enrol(name, *(picture(name, take=take) for take in range(2)))
        for take in range(3):
            for name in ("Cy", "Dee", "Eve"):
                service.see(name, take=take)
        yield service


@pytest.fixture
def target(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Kept]:
    path = tmp_path / "target.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with closing(Kept(f"sqlite:///{path}", tmp_path / "target-images")) as service:
        yield service


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody has said of the people, and the operations of it."""

    cy: str
    dee: str
    eve: str
    chosen: int
    denied: set[int]
    operations: list[str]
    """The latest first."""


@pytest.fixture
def said(staff: Kept) -> Said:
    cy, dee, eve = (one.group.id for one in reversed(staff.pages.page("staff")))
    ada, bob = staff.subject("Ada"), staff.subject("Bob")
    seen = staff.sightings.list("staff", SightingFilter(group_id=dee)).items[0].id
    with staff.storage.read() as uow:
        face, chosen = (uow.faces.ids_of_subjects([one])[-1] for one in (bob, ada))
    staff.negatives.deny("staff", ada, face_ids=[face], sighting_ids=[seen])
    staff.representatives.choose("staff", ada, chosen)
    named = staff.groups.assign("staff", cy, new_subject="Cy").operation_id
    ignored = staff.pages.ignore("staff", eve).operation_id
    split = staff.pages.split("staff", dee, [seen]).operation_id
    moved = staff.corrections.move_faces("staff", [face], ada).operation
    assert named and ignored and split and moved is not None
    staff.suggestions.find("staff")
    for one in staff.reviews.list("staff"):
        staff.reviews.refuse("staff", one.stored.id)
    return Said(cy, dee, eve, chosen, {face, seen}, [moved.id, split, ignored, named])


@pytest.fixture
def restored(staff: Kept, target: Kept, said: Said, tmp_path: Path) -> Kept:
    staff.backups.take(tmp_path / "backup", silent)
    target.backups.restore(tmp_path / "backup", silent)
    return target


def test_every_row_is_restored(staff: Kept, said: Said, restored: Kept) -> None:
    rows = restored.rows()
    assert rows == staff.rows()
    assert {name for name, of_it in rows.items() if of_it} >= {
        *("sightings", "sighting_groups", "negatives", "operations", "operation_faces"),
        *("suggestions", "namings", "events"),
    }


def test_what_was_said_of_people_counts(said: Said, restored: Kept) -> None:
    ada = restored.subject("Ada")
    negatives = restored.negatives.list("staff", ada)
    assert {one.face_id or one.sighting_id for one in negatives} == said.denied
    with restored.storage.read() as uow:  # Bob's face is Ada's own by now and speaks for her
        assert len(uow.negatives.templates(ENCODER, [ada])[ada]) == 1
    assert restored.representatives.get("staff", ada).face.id == said.chosen
    restored.suggestions.find("staff")
    assert restored.reviews.list("staff") == []
    assert restored.recognized(picture("Cy", take=9)) == ["Cy"]


def test_operations_are_undone_after_a_restore(said: Said, restored: Kept) -> None:
    for operation in said.operations:
        restored.corrections.undo("staff", operation)
    restored.joiner.run()
    groups = {one.group.id: one.group.size for one in restored.pages.page("staff")}
    assert groups == dict.fromkeys((said.cy, said.dee, said.eve), 3)
    assert restored.recognized(picture("Cy", take=9)) == [None]
    assert restored.recognized(picture("Bob", take=9)) == ["Bob"]
    of_cy = restored.sightings.list("staff", SightingFilter(group_id=said.cy)).items
    assert all(restored.sightings.image("staff", one.id) for one in of_cy if one.image_digest)
    before = restored.sightings.list("staff", SightingFilter(), limit=100).items
    restored.see("Fay", take=1)  # ids of those before do not come back
    newest = restored.sightings.list("staff", SightingFilter(), limit=1).items[0]
    assert newest.id > max(one.id for one in before)
