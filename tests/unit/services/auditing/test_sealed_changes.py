"""No action writes a name of a sealed collection anywhere, the audit record included."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from app.storage.base import Base
from tests.unit.services.auditing.changes import CHANGES
from tests.unit.services.auditing.opened import opened
from tests.unit.services.auditing.world import World

_NAMES = ("Ada", "Bob", "Carol", "Eve 0", "Eve 1", "Zoe", "user", "Person 3", "carol.jpg")
_NAMED = re.compile(
    "(?<![0-9A-Za-z+/_-])(" + "|".join(map(re.escape, _NAMES)) + ")(?![0-9A-Za-z+/_=-])"
)


def named(database: Path) -> set[tuple[str, str]]:
    """Tables whose texts hold a name as a word, and the name.

    Bytes are left out: what is sealed may hold three letters by chance.
    """
    found: set[tuple[str, str]] = set()
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(str(select(*table.c))):
                texts = " ".join(repr(one) for one in row if isinstance(one, str))
                found |= {(table.name, name) for name in _NAMED.findall(texts)}
    return found


def test_no_action_writes_a_name(tmp_path: Path, migrated_sqlite: Path) -> None:
    with opened(tmp_path / "data", migrated_sqlite) as (cases, storage, database):
        for number, (prepare, call) in enumerate(CHANGES.values()):
            world = World(cases, storage, f"place-{number}", sealed=True)
            call(world, prepare(world))
        assert named(database) == set()


def test_the_same_search_finds_names_of_an_open_collection(
    tmp_path: Path, migrated_sqlite: Path
) -> None:
    with opened(tmp_path / "data", migrated_sqlite) as (cases, storage, database):
        world = World(cases, storage, "place")
        world.import_unnamed("Eve", 7, 8)
        world.user_and_face()
        cases.corrections.merge("place", world.ada, world.bob)
        places = {("subjects", "Ada"), ("operations", "Bob"), ("sightings", "Eve 0")}
        assert named(database) >= places | {("face_labels", "user")}
