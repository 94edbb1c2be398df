"""The migrations make the tables that the models describe, once, whoever starts first."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import migrations
from app.domain.errors.trouble import DatabaseUnavailableError
from app.storage import (
    schema,
    unit_of_work,  # noqa: F401 - registers every table
)
from app.storage.base import Base
from app.storage.dialects.postgresql import UPGRADE_LOCK
from app.storage.engine import open_migration_engine


@pytest.fixture
def connection(empty_database: str) -> Iterator[Connection]:
    engine = open_migration_engine(empty_database, busy_timeout=5)
    with engine.connect() as connection:
        yield connection


def test_head_is_the_newest_script() -> None:
    scripts = ScriptDirectory.from_config(schema.alembic_config())
    assert scripts.get_current_head() == migrations.HEAD


def test_models_and_migrations_agree(empty_database: str, connection: Connection) -> None:
    schema.upgrade(empty_database)
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    assert compare_metadata(context, Base.metadata) == []


def test_the_versions_of_a_database(empty_database: str) -> None:
    assert schema.current(empty_database) is None
    assert not schema.is_current(empty_database)
    schema.upgrade(empty_database)
    schema.upgrade(empty_database)
    assert schema.current(empty_database) == migrations.HEAD
    assert schema.is_current(empty_database)


def test_asking_does_not_create_a_file(tmp_path: Path) -> None:
    path = tmp_path / "facet.db"
    assert schema.current(f"sqlite:///{path}") is None
    assert not path.exists()


def test_a_failed_upgrade_leaves_nothing(
    empty_database: str, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the disk went away")

    scripts = ScriptDirectory.from_config(schema.alembic_config())
    version = scripts.get_revision("0001").module
    monkeypatch.setattr(version, "_create_access", fail)
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _: scripts)
    with pytest.raises(RuntimeError, match="disk"):
        schema.upgrade(empty_database)
    assert inspect(connection).get_table_names() == []


def test_processes_that_start_together_upgrade_once(empty_database: str) -> None:
    program = "import sys; from app.storage.schema import upgrade; upgrade(sys.argv[1])"
    processes = [
        subprocess.Popen([sys.executable, "-c", program, empty_database], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    assert schema.is_current(empty_database)


def test_an_upgrade_waits_for_another(empty_database: str, connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
    upgrade = threading.Thread(target=schema.upgrade, args=(empty_database,))
    upgrade.start()
    upgrade.join(timeout=0.5)
    assert upgrade.is_alive()
    assert schema.current(empty_database) is None
    connection.rollback()
    upgrade.join(timeout=20)
    assert schema.is_current(empty_database)


def test_a_database_of_a_newer_version_is_told(empty_database: str, connection: Connection) -> None:
    schema.upgrade(empty_database)
    for newer in ("0099", "a1b2c3\n\x1b[2J" + "x" * 99):
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": newer[:32]})
        connection.commit()
        with pytest.raises(DatabaseUnavailableError, match="newer Facet") as caught:
            schema.upgrade(empty_database)
        assert migrations.HEAD in caught.value.message and caught.value.hint
        assert "\x1b" not in caught.value.message
        assert schema.current(empty_database) == newer[:32]  # nothing was changed


def test_text_is_ordered_by_code_points_in_any_language(postgresql: Callable[[str], str]) -> None:
    """Whatever the server's language is, which a test's server does not show."""
    url = postgresql("template1")
    schema.upgrade(url)
    query = (
        "SELECT DISTINCT collation_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'text'"
    )
    with open_migration_engine(url, busy_timeout=5).connect() as connection:
        assert connection.execute(text(query)).scalars().all() == ["C"]


def test_downgrade_removes_every_table(empty_database: str, connection: Connection) -> None:
    schema.upgrade(empty_database)
    command.downgrade(schema.alembic_config(connection=connection), "base")
    connection.commit()
    assert inspect(connection).get_table_names() == ["alembic_version"]


def test_the_log_starts_at_zero(empty_database: str, connection: Connection) -> None:
    schema.upgrade(empty_database)
    assert connection.execute(text("SELECT id, seq FROM change_clock")).all() == [(1, 0)]


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://localhost/facet", "sqlite://", "sqlite:///:memory:"]
)
def test_urls_that_cannot_work(url: str) -> None:
    with pytest.raises(DatabaseUnavailableError) as caught:
        schema.current(url)
    assert caught.value.hint


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(DatabaseUnavailableError) as caught:
        schema.current("postgresql://nobody:secret@127.0.0.1:1/facet")
    assert "secret" not in str(caught.value)
