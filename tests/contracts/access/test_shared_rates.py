"""Rates are counted exactly by all servers on one PostgreSQL; SQLite leaves them to one server."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text

from app.domain.access.limits import Window
from app.domain.errors.trouble import DatabaseUnavailableError
from app.services.rates import Rates
from app.storage.unit_of_work import SqlStorage

MINUTE = Window("requests", 60, "minute")
SECOND = Window("requests", 1, "second")
Server = Callable[[], Rates]


@pytest.fixture
def url(migrated_postgresql: str, postgresql: Callable[[str], str]) -> str:
    return postgresql(migrated_postgresql)


@pytest.fixture
def server(url: str) -> Iterator[Server]:
    """Another server on the database."""
    opened: list[SqlStorage] = []

    def make() -> Rates:
        opened.append(SqlStorage.open(url))
        counters = opened[-1].counters()
        assert counters is not None
        return Rates(counters)

    yield make
    for storage in opened:
        storage.close()


def test_a_server_with_its_own_database_counts_for_itself(sqlite_database: str) -> None:
    storage = SqlStorage.open(sqlite_database)
    assert storage.counters() is None
    storage.close()


def test_servers_that_begin_at_once_share_one_count(server: Server) -> None:
    servers = [server() for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: servers[n % 4].count("key", MINUTE, 1, 30), range(80)))
    assert sum(one.granted for one in found) == 30
    refused = servers[0].count("key", MINUTE, 1, 30)
    assert not refused.granted and refused.remaining == 0 and 0 < refused.seconds <= 60
    assert servers[1].count("other", MINUTE, 3, 4).remaining == 1
    assert not servers[2].count("other", MINUTE, 3, 4).granted


def test_a_window_ends_by_the_database_s_clock(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = server(), server()
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 3600)  # this server's clock is off
    assert first.count("key", SECOND, 2, 2).granted
    waits = second.count("key", MINUTE, 2, 2).seconds
    assert 0 < waits <= 60
    until = time.monotonic() + 30
    while not second.count("key", SECOND, 2, 2).granted:
        assert time.monotonic() < until
        time.sleep(0.2)


def test_what_cannot_be_counted_is_refused(server: Server, url: str) -> None:
    counted = server()
    assert counted.count("key", MINUTE, 1, 2).granted
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE rate_counters"))
    engine.dispose()
    with pytest.raises(DatabaseUnavailableError):
        counted.count("key", MINUTE, 1, 2)
