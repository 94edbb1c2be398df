"""`kill -9` at random moments: what was acknowledged is there, and nothing is half there.

Collections are clustered from 2 faces on, so that building, swapping and taking snapshots of the
index are under way when the server dies. FACET_KILLS sets the number of rounds, FACET_KILL_SEED
repeats a run, FACET_KILL_DATABASE=postgresql runs it on PostgreSQL.
"""

import os
import random
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.index.saved import SavedIndex
from tests.integration import audit
from tests.integration.load import Enrolment, Ledger, Worker, send, settle_erasure
from tests.integration.server import Server, Starter

KILLS = int(os.environ.get("FACET_KILLS", "20"))
LANES = 2
"""Servers at once, each with its own data, so that every core has something to do."""
WORKERS = 3


@dataclass
class Lane:
    """One server that is killed again and again, and everything its clients were promised."""

    server: Server
    url: str
    key: str
    chance: random.Random
    ledgers: list[Ledger]

    def run(self, kills: int) -> None:
        for number in range(kills):
            with self.server.start().client(self.key) as client:
                self._check(client, self.ledgers[-WORKERS:], share=1)
                self._load_until_killed(number)
        with self.server, self.server.client(self.key) as client:
            self._check(client, self.ledgers, share=0.3)

    def _load_until_killed(self, number: int) -> None:
        ledgers = [Ledger(f"round-{number}-{worker}") for worker in range(WORKERS)]
        self.ledgers += ledgers
        with self.server.client(self.key) as client, ThreadPoolExecutor(WORKERS) as pool:
            seeds = [self.chance.getrandbits(32) for _ in ledgers]
            workers = [Worker(client, one, seed) for one, seed in zip(ledgers, seeds, strict=True)]
            running = [pool.submit(worker.run) for worker in workers]
            self.server.kill_after(self.chance.uniform(0.1, 1.2))
            for worker in running:
                worker.result()

    def _check(self, client: httpx.Client, ledgers: list[Ledger], *, share: float) -> None:
        """After a restart; a share of the faces is looked at one by one, the rest in lists.

        Requests without an answer are settled first, as their client would.
        """
        audit.audit_files(self.server.data_dir, self.url)
        for ledger in ledgers:
            _settle(client, ledger)
            audit.audit_gallery(client, ledger)
            audit.audit_erased(client, ledger)
            for subject, face in ledger.living():
                if self.chance.random() < share:
                    audit.audit_face(client, ledger, subject, face)
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


@pytest.mark.timeout(600 + 40 * KILLS)
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
    lanes = []
    for number, url in enumerate(databases):
        (data_dir := tmp_path / f"lane-{number}" / "data").mkdir(parents=True)
        server = Server(starter, data_dir, model_cache, database_url=url, index_exact_limit="2")
        lanes.append(Lane(server, url, server.create_key(), random.Random(seed + number), []))
    try:
        with ThreadPoolExecutor(LANES) as pool:
            for done in [pool.submit(lane.run, KILLS // LANES) for lane in lanes]:
                done.result()
    finally:
        for lane in lanes:
            lane.server.stop()
    ledgers = [ledger for lane in lanes for ledger in lane.ledgers]
    faces = sum(len(enrolment.faces) for ledger in ledgers for enrolment in ledger.enrolments)
    erased = sum(len(ledger.erased_faces) + len(ledger.erased_subjects) for ledger in ledgers)
    with capsys.disabled():
        print(f", {KILLS} kills, {faces} faces acknowledged, {erased} erasures ", end="")
    assert faces >= KILLS and erased, "the load was too small to prove anything"
    assert all(SavedIndex(lane.server.data_dir / "index").partitions() for lane in lanes), (
        "no index was built and saved under the load"
    )
