"""`kill -9` anywhere in a renewal: either rotation serves whole, and the next run ends it."""

import base64
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import NewFace
from app.domain.jobs import is_settled
from app.index.growing.saved import SavedIndex
from app.services.jobs.parameters import to_json
from app.services.jobs.queue import JobLimits, Jobs
from app.services.keys import LOCAL
from app.services.moving.renewal_jobs import RENEWAL
from app.services.moving.renewing import Renewer
from tests.fakes.analyser import DIMENSION, ENCODER, picture
from tests.fakes.service import Service
from tests.integration.server import Starter, is_running

PEOPLE = [f"Person {number}" for number in range(8)]
CROWD = 1_600
"""Faces of somebody else: four transactions until all are ready."""
KILLS = 5
SEED = int(os.environ.get("FACET_KILL_SEED", "0")) or random.SystemRandom().getrandbits(32)


class Renewed(Service):
    """A gallery whose renewals other processes do, and die of."""

    def __init__(self, starter: Starter, data_dir: Path, model_cache: Path) -> None:
        super().__init__(f"sqlite:///{data_dir}/facet.db")
        self.data_dir, self._starter = data_dir, starter
        self.renewer = Renewer(self.storage, self.follower)
        key = data_dir.parent / "master.key"
        key.write_bytes(base64.b64encode(bytes(32)))
        key.chmod(0o600)
        self._environment = {
            "PATH": os.environ["PATH"],
            "FACET_DATA_DIR": str(data_dir),
            "FACET_MODEL_CACHE_DIR": str(model_cache),
            "FACET_MASTER_KEY_FILE": str(key),
            "FACET_JOB_HEARTBEAT": "0.2",
            "FACET_JOB_TAKE_OVER": "1",
            "OMP_NUM_THREADS": "1",
        }

    def fill(self) -> None:
        self.collections.create("staff", policy={"remember": "unknown"})
        for name in PEOPLE:
            self.enrol(name, picture(name))
        self.recognized(picture("Somebody"))
        assert self.recorder.flush(10)
        crowd = np.random.default_rng(0).standard_normal((CROWD, DIMENSION)).astype(np.float32)
        crowd /= np.linalg.norm(crowd, axis=1, keepdims=True)
        subject = self.subjects.create("staff", "crowd").subject
        place, now = subject.collection_id, subject.created_at
        box, marks = Box(0, 0, 90, 90), np.zeros((5, 2), np.float32)
        where = (box, marks, 1.0, Pose(0, 0, 0), Quality(1.0))
        with self.storage.write() as uow:
            for template in crowd:
                uow.faces.add(NewFace(place, subject.id, ENCODER, template, *where, None, now))

    def begin(self, *arguments: str) -> int:
        """The id of a process that runs a command."""
        return self._starter.start(self._environment, self.data_dir.parent / "log", *arguments)

    def end(self, *arguments: str) -> None:
        self._starter.run(self._environment, *arguments)

    def ready(self) -> int:
        """Faces that the renewal under way has turned."""
        with self.storage.read() as uow:
            gallery = uow.collections.get("staff")
            waiting = uow.rotations.encoders_waiting(gallery.id)
            return sum(uow.staged.count(gallery.id, encoder) for encoder in waiting)

    def version(self) -> int:
        rotation = self.collections.get("staff").rotation
        return rotation.version if rotation else 0

    def kill(
        self, process: int, chance: random.Random, done: Callable[[], bool] = lambda: False
    ) -> None:
        """`kill -9` a moment after some more faces are ready, or the rotation has changed.

        Or after the work is `done`: one before may have died behind that change.
        """
        before, there = self.version(), self.ready()
        wanted = there + chance.randint(0, CROWD + len(PEOPLE) - there)
        while is_running(process) and self.version() == before and self.ready() < wanted:
            if done():
                break
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.03))
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        while is_running(process):
            time.sleep(0.01)

    def check(self) -> None:
        """Whatever has happened, everybody is known, under one rotation."""
        assert [self.recognized(picture(name, take=2))[0] for name in PEOPLE] == PEOPLE
        with self.storage.read() as uow:
            gallery = uow.collections.get("staff")
            assert uow.faces.partitions() == [gallery.partition]
        assert self.index.count(gallery.partition) == len(PEOPLE) + CROWD

    def check_over(self) -> None:
        """Nothing is left of the rotation before, nor of what lay between."""
        self.check()
        assert self.ready() == 0 and self.renewer.behind() == []
        with self.storage.read() as uow:
            gallery = uow.collections.get("staff")
            assert not uow.rotations.encoders_waiting(gallery.id)
        saved = SavedIndex(self.data_dir / "index").partitions()
        assert {one.partition for one in saved} <= {gallery.partition}
        assert [path.name for path in self.data_dir.iterdir() if "renew" in path.name] == []


@pytest.fixture
def gallery(
    starter: Starter, migrated_sqlite: Path, tmp_path: Path, model_cache: Path
) -> Iterator[Renewed]:
    data_dir = tmp_path / "data"
    data_dir.mkdir(mode=0o700)
    shutil.copy(migrated_sqlite, data_dir / "facet.db")
    gallery = Renewed(starter, data_dir, model_cache)
    gallery.fill()
    yield gallery
    gallery.close()


def test_a_command_that_is_killed_is_simply_run_again(gallery: Renewed) -> None:
    chance = random.Random(SEED)
    for _ in range(KILLS):
        gallery.kill(gallery.begin("collections", "renew", "staff"), chance)
        gallery.check()
    before = gallery.version()
    gallery.end("collections", "renew", "staff", "--json")
    assert gallery.version() == before + 1, SEED
    gallery.check_over()


def test_a_job_whose_worker_is_killed_goes_on_with_the_next(gallery: Renewed) -> None:
    chance = random.Random(SEED)
    jobs = Jobs(gallery.storage, JobLimits(queue=9, per_key=9))
    wanted = gallery.renewer.order("staff")
    job = jobs.submit(
        RENEWAL, LOCAL, parameters=to_json(wanted), collection_id=wanted.collection_id
    )

    def is_done() -> bool:
        return is_settled(jobs.get(LOCAL, job.id).state)

    for _ in range(RENEWAL.attempts - 1):
        gallery.kill(gallery.begin("worker"), chance, is_done)
        gallery.check()
    worker = gallery.begin("worker")
    while not is_done():
        assert is_running(worker)
        time.sleep(0.02)
    os.kill(worker, signal.SIGKILL)
    assert jobs.get(LOCAL, job.id).state == "succeeded", (SEED, jobs.get(LOCAL, job.id).failure)
    assert gallery.version() == 2
    gallery.check_over()
