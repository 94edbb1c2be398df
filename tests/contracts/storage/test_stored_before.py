"""Rows that an older version stored wrongly break no list, no search, no export and no backup."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text

from app.domain.errors.gallery import DuplicateSubjectError
from app.domain.texts import clean_text
from app.files.images import FileImageStore
from app.protection.data_keys import DataKeys
from app.protection.master_key import MasterKey
from app.services.gallery.image_files import KeptPictures
from app.services.gallery.subjects import Subjects
from app.services.moving.exporting import Exporter
from app.storage import schema
from app.storage.copies.archive import DatabaseArchive
from app.storage.engine import open_engines, open_migration_engine
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples

UNREADABLE = {
    "deep": '{"a": ' + "[" * 300 + "]" * 300 + "}",
    "deeper": '{"a": ' + "[" * 900 + "]" * 900 + "}",
    "deepest": '{"a": ' + "[" * 3_000 + "]" * 3_000 + "}",
    "digits": '{"a": ' + "9" * 4_000 + "}",
    "more digits": '{"a": ' + "9" * 5_000 + "}",
    "nul": '{"a": "\\u0000"}',
    "no object": "[1]",
    "a number": "12",
}
OF_SQLITE = {"half": '{"a": "\\ud83d"}', "nan": '{"a": NaN}', "no json": "{", "empty": ""}


@pytest.fixture
def stored(database: str, storage: SqlStorage, samples: Samples) -> Iterator[dict[str, str]]:
    """What was written as metadata, by the name of its subject; Ada and Bob are sound."""
    samples.fill(storage)
    with storage.write() as uow:
        uow.collections.add(samples.collection("poisoned"))
    rows = UNREADABLE | (OF_SQLITE if database.startswith("sqlite") else {})
    with open_migration_engine(database, busy_timeout=5.0).begin() as connection:
        column = ":meta" if connection.dialect.name == "sqlite" else "CAST(:meta AS JSON)"
        for name, meta in rows.items():
            insert = (
                "INSERT INTO subjects (id, collection_id, name, meta, created_at, updated_at)"
                " VALUES (:id, 'col-staff', :id, {}, :now, :now)"
            )
            values = {"id": name, "meta": meta, "now": "2024-05-01 12:00:00"}
            connection.execute(text(insert.format(column)), values)
        change = "UPDATE collections SET meta = {} WHERE name = 'poisoned'"
        connection.execute(text(change.format(column)), {"meta": rows["deep"]})
    yield rows


def test_lists_say_which_rows_are_unreadable(storage: SqlStorage, stored: dict[str, str]) -> None:
    with storage.read() as uow:
        subjects = {s.name: s for s in uow.subjects.list("col-staff", after=None, limit=99)}
        collections = {c.name: c for c in uow.collections.list(after=None, limit=9)}
    assert subjects.keys() == {"Ada", "Bob", *stored}
    assert {n for n, s in subjects.items() if s.unreadable == ("metadata",)} == set(stored)
    assert all(subjects[name].metadata == {} for name in stored)
    assert subjects["Ada"].metadata == {"team": "engines"} and not subjects["Ada"].unreadable
    assert collections["poisoned"].unreadable == ("metadata",)
    assert not collections["staff"].unreadable


def test_searches_by_metadata_pass_them_over(storage: SqlStorage, stored: dict[str, str]) -> None:
    with storage.read() as uow:
        assert uow.subjects.having("col-staff", {"team": "engines"}) == ["sub-Ada", "sub-Bob"]


def test_what_cannot_be_read_stays_until_it_is_written_anew(
    database: str, storage: SqlStorage, stored: dict[str, str], birth_dates: object
) -> None:
    subjects = Subjects(storage, birth_dates)  # type: ignore[arg-type]
    renamed = subjects.update("staff", "deep", {"name": "Deep"}).subject
    assert renamed.unreadable == ("metadata",)
    assert _column(database, "deep") == stored["deep"]
    assert subjects.get("staff", "deep").subject.unreadable == ("metadata",)
    assert subjects.update("staff", "deep", {"metadata": {"a": 1}}).subject.unreadable == ()
    found = subjects.get("staff", "deep").subject
    assert (found.name, found.metadata, found.unreadable) == ("Deep", {"a": 1}, ())


def test_they_are_exported_without_their_metadata(
    storage: SqlStorage, stored: dict[str, str], tmp_path: Path
) -> None:
    from app.files.parquet import CollectionFile, writing

    with storage.read() as uow:
        collection = uow.collections.get("staff")
    cipher = DataKeys(MasterKey([bytes(32)]))
    pictures = KeptPictures(storage, FileImageStore(tmp_path / "images"), cipher)
    with writing(tmp_path / "staff.parquet", collection) as file:
        for page in Exporter(storage, pictures).pages(collection):
            file.write(page)
    pages = CollectionFile(tmp_path / "staff.parquet").pages()
    subjects = {one.subject.name: one.subject.metadata for page in pages for one in page}
    assert subjects.keys() == {"Ada", "Bob", *stored}
    assert subjects["deep"] == {} and subjects["Ada"] == {"team": "engines"}


def test_a_backup_holds_them_as_they_are(
    database: str, stored: dict[str, str], tmp_path: Path
) -> None:
    archive = DatabaseArchive(database, open_engines(database, busy_timeout=5.0), tmp_path)
    archive.snapshot(tmp_path / "copy.db", lambda *_: None)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        rows = dict(copy.execute("SELECT name, CAST(meta AS TEXT) FROM subjects"))
    assert {name: rows[name] for name in stored} == stored
    assert json.loads(rows["Ada"]) == {"team": "engines"}


def test_names_of_before_are_found_in_any_form(
    empty_database: str, samples: Samples, birth_dates: object
) -> None:
    names = ["Ju\u0308rgen", " Grace ", "Zoe\u0301", "Zoé", "Ada"]
    with open_migration_engine(empty_database, busy_timeout=5.0).begin() as connection:
        command.upgrade(schema.alembic_config(connection=connection), "0005")
        _insert_names(connection, names)
    schema.upgrade(empty_database)
    storage = SqlStorage.open(empty_database)
    subjects = Subjects(storage, birth_dates)  # type: ignore[arg-type]
    for number, name in enumerate(names):
        found = subjects.find("staff", name)
        assert found is not None
        if number != 2:  # two people of one name stay two, and the name is the second's
            assert found.id == f"sub-{number}"
        with pytest.raises(DuplicateSubjectError):
            subjects.create("staff", clean_text(name, "name"))
    with storage.read() as uow:
        listed = uow.subjects.list("col-staff", after=None, limit=9)
    assert [s.name for s in listed] == ["Jürgen", "Grace", "Zoe\u0301", "Zoé", "Ada"]
    assert listed[0].external_id == "é0"
    storage.close()


def _insert_names(connection: Connection, names: list[str]) -> None:
    now = "2024-05-01 12:00:00"
    connection.execute(
        text(
            "INSERT INTO collections (id, name, encoder, keep_images, meta, created_at)"
            " VALUES ('col-staff', 'staff', 'encoder@1', true, '{}', :now)"
        ),
        {"now": now},
    )
    insert = text(
        "INSERT INTO subjects"
        " (id, collection_id, name, external_id, meta, created_at, updated_at)"
        " VALUES (:id, 'col-staff', :name, :external, '{}', :now, :now)"
    )
    for n, name in enumerate(names):
        row = {"id": f"sub-{n}", "name": name, "external": f"e\u0301{n}", "now": now}
        connection.execute(insert, row)


def _column(database: str, subject: str) -> str:
    engine = open_migration_engine(database, busy_timeout=5.0, raw_json=True)
    with engine.connect() as connection:
        query = text("SELECT CAST(meta AS TEXT) FROM subjects WHERE id = :id")
        return str(connection.execute(query, {"id": subject}).scalar_one())
