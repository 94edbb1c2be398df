"""Processes of the version before go on while the tables are brought up to date, and after."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from alembic import command
from sqlalchemy import MetaData, insert, select, update

from app.storage import schema
from app.storage.engine import open_engines, open_migration_engine
from app.storage.tables import FaceRow
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples

BEFORE = "0003"


@pytest.fixture
def old_database(postgresql: Callable[[str], str]) -> str:
    """A PostgreSQL database as the version before has left it."""
    url = postgresql("template1")
    with open_migration_engine(url, busy_timeout=5.0).begin() as connection:
        command.upgrade(schema.alembic_config(connection=connection), BEFORE)
    return url


class OldProcess:
    """Writes and reads faces with the columns that its version knows, and no others."""

    def __init__(self, url: str, face: dict[str, Any]) -> None:
        self._engines = open_engines(url, busy_timeout=5.0)
        tables = MetaData()
        tables.reflect(self._engines.writer)
        self._faces, self._clock = tables.tables["faces"], tables.tables["change_clock"]
        self._face = {name: value for name, value in face.items() if name in self._faces.c}
        self.written: list[int] = []
        self.failures: list[BaseException] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "OldProcess":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=120)
        self._engines.dispose()

    def wait_for(self, more: int) -> None:
        wanted = len(self.written) + more
        while len(self.written) < wanted and not self.failures:
            self._stop.wait(0.01)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                with self._engines.writer.begin() as connection:
                    connection.execute(select(self._clock.c.seq).with_for_update())
                    query = insert(self._faces).values(self._face).returning(self._faces.c.id)
                    face = connection.execute(query).scalar_one()
                    connection.execute(update(self._clock).values(seq=self._clock.c.seq + 1))
                self.written.append(face)
                with self._engines.reader.connect() as connection:
                    row = select(self._faces).where(self._faces.c.id == face)
                    assert connection.execute(row).one().id == face
        except BaseException as error:
            self.failures.append(error)


def test_an_upgrade_under_the_load_of_the_version_before(
    old_database: str, migrated_postgresql: str, postgresql: Callable[[str], str], samples: Samples
) -> None:
    with OldProcess(old_database, _row_of_a_face(old_database, samples)) as old:
        old.wait_for(20)
        schema.upgrade(old_database)
        assert schema.is_current(old_database)
        new = SqlStorage.open(old_database)
        for seed in range(20):
            with new.write() as uow:
                uow.faces.add(samples.face(seed=seed, source_digest="d" * 64))
        old.wait_for(20)
    assert old.failures == []
    with new.read() as uow:
        faces = uow.faces.by_ids(old.written)
        assert len(faces) == len(old.written) >= 40
        assert {face.source_digest for face in faces.values()} == {None}
        assert uow.faces.sources("sub-Ada").keys() == {"d" * 64}
    new.close()


def _row_of_a_face(url: str, samples: Samples) -> dict[str, Any]:
    """A row as any version would write it, beside a subject and a collection of its own."""
    from app.storage.repositories.face_rows import values_of

    with SqlStorage.open(url).write() as uow:
        uow.collections.add(samples.collection())
        uow.subjects.add(samples.subject())
        # Bounds of collections stand in a column that came later.
        uow.collections._changes.grown.clear()
    assert "source_digest" in FaceRow.__table__.c
    face = samples.face()
    return values_of(face, face.encoder, face.template.astype("<f4").tobytes())
