"""Jobs run by real workers: they end as they should, whatever happens to their worker."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors.jobs import JobNotFinishedError, JobSettledError
from app.domain.jobs import Job, JobFile, JobKind, is_settled
from app.jobs.runner import JobRunner
from app.services.jobs.queue import JobLimits, Jobs
from app.services.keys import LOCAL
from app.storage.unit_of_work import SqlStorage
from tests.fakes.clocks import jumping_clock
from tests.integration.server import ROOT
from tests.job_kinds import BRIEF, ONCE, REPEATABLE, TICK
from tests.job_worker import make_runner, make_times

pytestmark = pytest.mark.long

HEARTBEAT, TAKE_OVER = 0.2, 2.0
LONG = round(30 / TICK)


class Desk:
    """Puts jobs in, starts and kills workers, and waits for what becomes of it."""

    def __init__(self, url: str, journal: Path) -> None:
        self.storage = SqlStorage.open(url, busy_timeout=20)
        self.jobs = Jobs(self.storage, JobLimits(queue=50, per_key=50))
        self._url = url
        self._journal = journal
        self._workers: list[subprocess.Popen[str]] = []
        self._runners: list[JobRunner] = []

    def run(self, count: int = 1) -> JobRunner:
        """Workers in this process."""
        runner = make_runner(self.storage, make_times(HEARTBEAT, TAKE_OVER), count)
        self._runners.append(runner)
        runner.start()
        return runner

    def worker(self, count: int = 1) -> "subprocess.Popen[str]":
        """Workers in a process of their own, which can be killed."""
        command = [sys.executable, "-m", "tests.job_worker", self._url]
        command += [str(HEARTBEAT), str(TAKE_OVER), str(count)]
        process = subprocess.Popen(
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._workers.append(process)
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        return process

    def submit(self, kind: JobKind = REPEATABLE, **parameters: Any) -> str:
        inputs = {"content": JobFile("text/plain", b"drawer")}
        parameters |= {"journal": str(self._journal)}
        return self.jobs.submit(kind, LOCAL, parameters=parameters, inputs=inputs).id

    def wait(self, job_id: str, until: Callable[[Job], bool], seconds: float = 120) -> Job:
        deadline = time.monotonic() + seconds
        while not until(job := self.jobs.get(LOCAL, job_id)):
            assert time.monotonic() < deadline, f"the job is still {job}"
            time.sleep(0.02)
        return job

    def settled(self, job_id: str) -> Job:
        return self.wait(job_id, lambda job: is_settled(job.state))

    def begun(self, job_id: str) -> int:
        """The id of the process that does the job, once it has begun to."""
        self.wait(job_id, lambda job: job.progress.fraction > 0)
        return next(process for job, process in self.journal()[::-1] if job == job_id)

    def journal(self) -> list[tuple[str, int]]:
        """(job, process) of every beginning."""
        lines = self._journal.read_text().splitlines() if self._journal.exists() else []
        return [(line.split()[0], int(line.split()[1])) for line in lines]

    def close(self) -> None:
        for runner in self._runners:
            runner.stop()
        for process in self._workers:
            process.communicate(timeout=300)  # closes its standard input
        self.storage.close()


@pytest.fixture
def desk(sqlite_database: str, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(sqlite_database, tmp_path / "journal")
    yield desk
    desk.close()


@pytest.fixture
def any_desk(database: str, tmp_path: Path) -> Iterator[Desk]:
    """On SQLite, and on PostgreSQL."""
    desk = Desk(database, tmp_path / "journal")
    yield desk
    desk.close()


def alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def gone_within(seconds: float, process: int) -> bool:
    deadline = time.monotonic() + seconds
    while alive(process) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not alive(process)


def test_jobs_end_as_their_work_does(desk: Desk) -> None:
    desk.run(2)
    done, refused = desk.submit(ticks=8), desk.submit(end="refuse")
    bug, crash, nice = desk.submit(end="bug"), desk.submit(end="crash"), desk.submit(end="niceness")
    assert desk.settled(done).state == "succeeded"
    assert desk.jobs.result(LOCAL, done) == JobFile("text/plain", b"reward")
    failure = desk.settled(refused).failure
    assert failure is not None
    assert (failure.slug, failure.hint, failure.data) == (
        "no-face",
        "Send another picture.",
        {"pixels": 7},
    )
    hidden = desk.settled(bug).failure
    assert hidden is not None and hidden.slug == "internal-error"
    assert "secret" not in str(hidden)
    crashed = desk.settled(crash).failure
    assert crashed is not None and crashed.slug == "job-crashed"
    desk.settled(nice)
    assert desk.jobs.result(LOCAL, nice) == JobFile("text/plain", b"10")
    with desk.storage.read() as work:
        assert not any(work.jobs.inputs(job) for job in (done, refused, bug, crash))


def test_several_workers_run_no_job_twice(any_desk: Desk) -> None:
    jobs = [any_desk.submit(ticks=1) for _ in range(12)]
    for _ in range(2):
        any_desk.worker(2)
    any_desk.run()
    assert {any_desk.settled(job).state for job in jobs} == {"succeeded"}
    assert Counter(job for job, _ in any_desk.journal()) == dict.fromkeys(jobs, 1)


def test_cancelling_ends_the_work_within_a_second(desk: Desk) -> None:
    desk.run()
    running, waiting = desk.submit(ticks=LONG), desk.submit()
    process = desk.begun(running)
    with pytest.raises(JobNotFinishedError):
        desk.jobs.result(LOCAL, running)
    assert desk.jobs.cancel(LOCAL, waiting).state == "cancelled"
    assert desk.jobs.cancel(LOCAL, running).state == "cancelled"
    assert gone_within(1.0, process)
    assert desk.jobs.cancel(LOCAL, running).state == "cancelled"
    after = desk.submit()
    assert desk.settled(after).state == "succeeded"
    with pytest.raises(JobSettledError):
        desk.jobs.cancel(LOCAL, after)
    assert waiting not in dict(desk.journal())


def test_a_killed_workers_job_is_taken_over(any_desk: Desk) -> None:
    first = any_desk.worker()
    job = any_desk.submit(ticks=40)
    process = any_desk.begun(job)
    first.kill()
    assert gone_within(2.0, process), "the work outlived its worker"
    any_desk.run()
    assert any_desk.settled(job).attempts == 2
    assert any_desk.jobs.result(LOCAL, job) == JobFile("text/plain", b"reward")


def test_a_clock_set_forwards_takes_no_job(any_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor what waits, nor what is done already."""
    jump = jumping_clock(monkeypatch)
    any_desk.run()
    done = any_desk.submit()
    any_desk.settled(done)
    running, waiting = any_desk.submit(ticks=round(1.5 * TAKE_OVER / TICK)), any_desk.submit()
    any_desk.begun(running)
    jump(timedelta(days=365))
    for job in (running, waiting):
        seen = any_desk.settled(job)
        assert (seen.state, seen.attempts) == ("succeeded", 1)
    jump(timedelta())
    for job in (done, running, waiting):
        assert any_desk.jobs.result(LOCAL, job) == JobFile("text/plain", b"reward")


def test_a_clock_set_backwards_keeps_no_dead_workers_job(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = any_desk.worker()
    job = any_desk.submit(ticks=40)
    any_desk.begun(job)
    worker.kill()
    jumping_clock(monkeypatch)(timedelta(days=-1))
    any_desk.run()
    assert any_desk.settled(job).attempts == 2


@pytest.mark.parametrize("kind", [ONCE, REPEATABLE], ids=lambda kind: kind.name)
def test_a_job_whose_workers_die_fails_clearly(desk: Desk, kind: JobKind) -> None:
    job = desk.submit(kind, ticks=LONG)
    for attempt in range(1, kind.attempts + 1):
        worker = desk.worker()

        def is_at_work(seen: Job, attempt: int = attempt) -> bool:
            return seen.attempts == attempt and seen.progress.fraction > 0

        desk.wait(job, is_at_work)
        worker.kill()
    desk.run(0)  # somebody who looks after things is enough
    failure = desk.settled(job).failure
    assert failure is not None and failure.slug == "worker-lost"
    assert len(desk.journal()) == kind.attempts


def test_a_job_that_takes_too_long_fails(desk: Desk) -> None:
    desk.run()
    job = desk.submit(BRIEF, ticks=LONG)
    failure = desk.settled(job).failure
    assert failure is not None
    assert (failure.slug, failure.data) == ("job-timeout", {"limit": 1.0})
    assert not any(alive(process) for _, process in desk.journal())


@pytest.mark.parametrize("kind", [ONCE, REPEATABLE], ids=lambda kind: kind.name)
def test_a_worker_that_is_stopped_gives_its_job_back(desk: Desk, kind: JobKind) -> None:
    runner = desk.run()
    job = desk.submit(kind, ticks=LONG)
    process = desk.begun(job)
    runner.stop()
    assert not alive(process)
    left = desk.jobs.get(LOCAL, job)
    if kind is REPEATABLE:
        assert (left.state, left.attempts) == ("queued", 0)
    else:
        assert left.failure is not None and left.failure.slug == "worker-lost"


def test_a_frozen_worker_loses_its_job_and_does_no_harm(desk: Desk) -> None:
    """Stopped, not killed: when it goes on, the job is somebody else's."""
    frozen = desk.worker()
    job = desk.submit(ticks=40)
    desk.begun(job)
    os.kill(frozen.pid, signal.SIGSTOP)
    desk.run()
    desk.wait(job, lambda seen: seen.attempts == 2)
    os.kill(frozen.pid, signal.SIGCONT)
    done = desk.settled(job)
    assert (done.state, done.attempts) == ("succeeded", 2)
    assert len(desk.journal()) == 2
