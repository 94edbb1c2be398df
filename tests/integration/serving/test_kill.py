"""`kill -9` at random moments: what was acknowledged is there, and nothing is half there.

Collections are clustered from 2 faces on, so that building, swapping and taking snapshots of the
index are under way when the server dies. Beside it an import dies as well, and goes on in the next
round; then most of it is erased, so that the index compacts itself, and then the rest.
FACET_KILLS sets the number of kills, FACET_KILL_SEED repeats a run, FACET_KILL_DATABASE=postgresql
runs it on PostgreSQL, FACET_KILL_REPORT names a file for the outcome.
"""

import json
import os
import random
import re
import secrets
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.index.growing.saved import SavedIndex
from tests.integration import audit
from tests.integration.bulk import Bulk, stored
from tests.integration.load import Enrolment, Ledger, Worker, altered, send, settle_erasure
from tests.integration.phases import under_way
from tests.integration.server import Server, Starter

pytestmark = pytest.mark.long

KILLS = int(os.environ.get("FACET_KILLS", "10"))
LANES = 2
"""Servers at once, each with its own data, so that every core has something to do."""
WORKERS = 2
STARTS = 0.08
"""Share of the kills that meet a server which is still starting."""
FIRST_LOAD, MOST_LOAD = 6, 8
"""Answers that clients have got when their server is killed."""
KEPT = 8
"""Collections of former rounds that are not erased yet."""
TIMEOUT = 120


@dataclass
class Lane:
    """One server that is killed again and again, and everything its clients were promised."""

    server: Server
    url: str
    key: str
    chance: random.Random
    bulk: Bulk
    ledgers: list[Ledger] = field(default_factory=list)
    old: list[Ledger] = field(default_factory=list)
    """Those whose collections were erased since, so that rounds do not get longer and longer."""
    during: Counter[str] = field(default_factory=Counter)
    """How many kills met each phase; one can meet several."""
    imports: int = 0
    resumed: int = 0
    erased: int = 0

    def run(self, kills: int) -> None:
        for number in range(kills):
            if number and self.chance.random() < STARTS:
                self._kill_while_it_starts()
                continue
            with self.server.start().client(self.key) as client:
                self._check(client, self.ledgers[-WORKERS:], share=1)
                self._retire(client)
                self._load_until_killed(number)
        with self.server, self.server.client(self.key) as client:
            self._check(client, self.ledgers, share=0.3)
            self._finish_import(client)

    def _kill_while_it_starts(self) -> None:
        self.server.launch()
        self.server.kill_after(self.chance.uniform(0.02, 1.2))
        self.during["start"] += 1

    def _load_until_killed(self, number: int) -> None:
        ledgers = [Ledger(f"round-{number}-{worker}") for worker in range(WORKERS)]
        self.ledgers += ledgers
        if self.bulk.step == "done":
            self.erased += 1
            self.bulk = self._next_bulk(number)
        bulk, before = self.bulk, self.bulk.step
        with self.server.client(self.key) as client, ThreadPoolExecutor(WORKERS + 1) as pool:
            seeds = [self.chance.getrandbits(32) for _ in ledgers]
            workers = [Worker(client, one, seed) for one, seed in zip(ledgers, seeds, strict=True)]
            running = [pool.submit(worker.run) for worker in workers]
            running.append(pool.submit(bulk.work, client))
            try:
                self._wait_for_load(ledgers, running, first=number == 0)
                self.server.kill_after(self.chance.uniform(0, 0.3))
            finally:
                bulk.kill()
            for one in running:
                one.result()
        phases = under_way(self.server.data_dir, ledgers, bulk)
        self.during.update(phases or {"idle"})
        self.imports += before == "import" and bulk.step != "import"
        self.resumed += before == "import" and bulk.step != "import" and bulk.runs > 1

    def _wait_for_load(
        self, ledgers: list[Ledger], running: list[Future[None]], *, first: bool
    ) -> None:
        """Until so much has been acknowledged, and the bulk work has got going or is over.

        Not for a time: a busy machine would have done nothing within it.
        """
        wanted = FIRST_LOAD if first else self.chance.randint(0, MOST_LOAD)
        bulk_first = self.chance.random() < 0.7
        deadline = time.monotonic() + TIMEOUT
        while sum(ledger.acknowledged() for ledger in ledgers) < wanted or (
            bulk_first and not self.bulk.moving
        ):
            for one in running:
                if one.done():
                    one.result()
            if time.monotonic() > deadline:
                pytest.fail(f"the server answers nobody:\n{self.server.where_it_hangs()}")
            time.sleep(0.005)

    def _next_bulk(self, number: int) -> Bulk:
        seed = self.chance.getrandbits(32)
        return Bulk(self.server, f"bulk-{number}", seed, parquet=not self.bulk.parquet)

    def _retire(self, client: httpx.Client) -> None:
        while len(self.ledgers) > KEPT:
            ledger = self.ledgers.pop(0)
            answer = client.delete(f"/v1/collections/{ledger.collection}")
            assert answer.status_code in ((200,) if ledger.created else (200, 404)), answer.text
            self.old.append(ledger)

    def _finish_import(self, client: httpx.Client) -> None:
        if self.bulk.step == "import":
            self.bulk.work(client)
            self.bulk.audit(self.url)
            step: str = self.bulk.step
            assert step == "erase-many"

    def _check(self, client: httpx.Client, ledgers: list[Ledger], *, share: float) -> None:
        """After a restart; a share of the faces is looked at one by one, the rest in lists.

        Requests without an answer are settled first, as their client would.
        """
        audit.audit_files(self.server.data_dir, self.url)
        self.bulk.audit(self.url)
        for ledger in ledgers:
            _settle(client, ledger)
            audit.audit_gallery(client, ledger)
            audit.audit_erased(client, ledger)
            for subject, face in ledger.living():
                if self.chance.random() < share:
                    audit.audit_face(client, ledger, subject, face)
        if stored(self.url, self.bulk.collection):
            audit.audit_search(client, self.url, self.bulk.collection, altered(self.chance))
        for ledger in self.old[-WORKERS:]:
            assert client.get(f"/v1/collections/{ledger.collection}").status_code == 404
        audit.audit_index(client)
        audit.audit_files(self.server.data_dir, self.url)
        audit.audit_snapshots(self.server.data_dir, self.url)


def _settle(client: httpx.Client, ledger: Ledger) -> None:
    """Repeat what got no answer: an erasure may be done already, an enrolment is done once."""
    if ledger.erasing is not None:
        assert client.delete(ledger.erasing).status_code in (200, 404)
        settle_erasure(ledger)
    for enrolment in ledger.enrolments:
        if enrolment.subject is not None and not enrolment.acknowledged:
            _check_all_or_nothing(client, ledger, enrolment)
            send(client, ledger, enrolment)


def _check_all_or_nothing(client: httpx.Client, ledger: Ledger, enrolment: Enrolment) -> None:
    path = f"/v1/collections/{ledger.collection}/subjects/{enrolment.subject}"
    assert client.get(path).json()["faces"] in (0, len(enrolment.pictures))


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """The URL of an empty database for each lane."""
    if os.environ.get("FACET_KILL_DATABASE", "sqlite") == "sqlite":
        return [f"sqlite:///{tmp_path / f'lane-{n}' / 'data' / 'facet.db'}" for n in range(LANES)]
    create = request.getfixturevalue("postgresql")
    return [create("template1") for _ in range(LANES)]


@pytest.mark.timeout(600 + 60 * KILLS)
def test_a_killed_server_keeps_every_promise(
    starter: Starter,
    tmp_path: Path,
    model_cache: Path,
    databases: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    seed = int(os.environ.get("FACET_KILL_SEED", secrets.randbelow(10**6)))
    with capsys.disabled():
        print(f"\nkill test: FACET_KILL_SEED={seed}", end="", flush=True)
    lanes = [
        _lane(starter, tmp_path / f"lane-{number}", model_cache, url, seed + number)
        for number, url in enumerate(databases)
    ]
    started = time.perf_counter()
    try:
        with ThreadPoolExecutor(LANES) as pool:
            for done in [pool.submit(lane.run, KILLS // LANES) for lane in lanes]:
                done.result()
    finally:
        for lane in lanes:
            lane.server.stop()
    report = _report(lanes, seed, time.perf_counter() - started)
    if "FACET_KILL_REPORT" in os.environ:
        Path(os.environ["FACET_KILL_REPORT"]).write_text(json.dumps(report))
    with capsys.disabled():
        print(f", {report} ", end="")
    assert report["faces_acknowledged"] >= KILLS and report["erasures_acknowledged"], (
        "the load was too small to prove anything"
    )
    assert report["index_builds"] >= KILLS, "no index was built under the load"
    assert all(SavedIndex(lane.server.data_dir / "index").partitions() for lane in lanes)


def _lane(starter: Starter, place: Path, model_cache: Path, url: str, seed: int) -> Lane:
    (place / "data").mkdir(parents=True)
    settings = {"database_url": url, "index_exact_limit": "2", "database_timeout": "30"}
    server = Server(starter, place / "data", model_cache, **settings)
    chance = random.Random(seed)
    bulk = Bulk(server, "bulk", chance.getrandbits(32), parquet=seed % 2 == 0)
    return Lane(server, url, server.create_key(), chance, bulk)


def _report(lanes: list[Lane], seed: int, seconds: float) -> dict[str, Any]:
    """What was promised and kept, and what the kills met."""
    ledgers = [ledger for lane in lanes for ledger in (*lane.old, *lane.ledgers)]
    logs = [lane.server.log.read_text() for lane in lanes]
    return {
        "kills": KILLS,
        "seeds": [seed + number for number in range(len(lanes))],
        "faces_acknowledged": sum(len(e.faces) for one in ledgers for e in one.enrolments),
        "erasures_acknowledged": sum(
            len(one.erased_faces) + len(one.erased_subjects) for one in ledgers
        ),
        "collections_erased": sum(len(lane.old) for lane in lanes),
        "imports_completed": sum(lane.imports for lane in lanes),
        "imports_resumed": sum(lane.resumed for lane in lanes),
        "imports_erased": sum(lane.erased for lane in lanes),
        "index_builds": sum(len(re.findall(r"index of collection \S+ built", log)) for log in logs),
        "kills_during": dict(sum((lane.during for lane in lanes), Counter())),
        "seconds_per_kill": round(seconds / KILLS, 2),
    }
