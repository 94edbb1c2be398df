"""Jobs in storage, on SQLite and PostgreSQL: the queue, the fence around claims, the files."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.errors.jobs import UnknownJobError
from app.domain.jobs import Failure, Job, JobFile, Progress, Visibility
from app.storage.unit_of_work import SqlStorage, SqlUnitOfWork
from tests.contracts.conftest import NOON, Samples

EVERYTHING = Visibility("", everything=True)
PICTURE = JobFile("image/png", b"\x89PNG\x00picture")
LATER = NOON + timedelta(seconds=10)


def job(number: int = 1, **values: Any) -> Job:
    defaults: dict[str, Any] = {
        "id": f"job-{number}",
        "kind": "paint",
        "key_id": "key-1",
        "collection_id": None,
        "parameters": {"size": 256, "ünï": [1.5, None]},
        "timeout": 60.0,
        "max_attempts": 2,
        "created_at": NOON,
    }
    return Job(**defaults | values)


def put(storage: SqlStorage, *jobs: Job) -> None:
    with storage.write() as work:
        for one in jobs:
            work.jobs.add(one, {"content": PICTURE})


def claimed(work: SqlUnitOfWork, worker: str) -> Job:
    """The next job, which there is."""
    found = work.jobs.claim(["paint"], worker, NOON)
    assert found is not None
    return found


def claim(storage: SqlStorage, worker: str = "w1", kinds: tuple[str, ...] = ("paint",)) -> Job:
    with storage.write() as work:
        claimed = work.jobs.claim(kinds, worker, NOON)
    assert claimed is not None
    return claimed


def files(storage: SqlStorage) -> list[tuple[str, str]]:
    """(job, role) of every file, asked of the table itself."""
    with storage._engines.reader.connect() as connection:
        rows = connection.execute(text("SELECT job_id, role FROM job_files ORDER BY 1, 2"))
        return [(row.job_id, row.role) for row in rows]


def test_a_job_comes_back_as_it_was(storage: SqlStorage) -> None:
    put(storage, job())
    with storage.read() as work:
        assert work.jobs.get("job-1") == job()
        assert work.jobs.inputs("job-1") == {"content": PICTURE}
        with pytest.raises(UnknownJobError):
            work.jobs.get("job-2")


def test_the_oldest_of_the_known_kinds_is_claimed(storage: SqlStorage) -> None:
    put(storage, job(1, kind="dream"), job(2), job(3))
    with storage.read() as work:
        assert not work.jobs.waiting(["sing"])
        assert work.jobs.waiting(["paint"])
    claimed = claim(storage)
    assert (claimed.id, claimed.state, claimed.worker) == ("job-2", "running", "w1")
    assert (claimed.attempts, claimed.version, claimed.started_at) == (1, 2, NOON)
    assert claim(storage).id == "job-3"
    with storage.write() as work:
        assert work.jobs.claim(["paint"], "w1", NOON) is None
        assert work.jobs.claim([], "w1", NOON) is None


def test_no_job_is_claimed_twice(database: str) -> None:
    """Six workers, each with its own connections as in a process of its own."""
    storages = [SqlStorage.open(database, busy_timeout=20) for _ in range(6)]
    put(storages[0], *(job(number) for number in range(10, 40)))
    start, claimed = threading.Barrier(6), []

    def work(number: int, storage: SqlStorage) -> None:
        start.wait()
        while True:
            with storage.write() as uow:
                got = uow.jobs.claim(["paint"], f"w{number}", NOON)
            if got is None:
                return
            claimed.append(got.id)

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(storages)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for storage in storages:
        storage.close()
    assert sorted(claimed) == [f"job-{number}" for number in range(10, 40)]


def test_progress_is_seen_with_a_new_version(storage: SqlStorage) -> None:
    put(storage, job())
    claimed = claim(storage)
    progress = Progress(0.5, "halfway", {"loss": 0.25})
    with storage.write() as work:
        assert work.jobs.report(claimed, progress, PICTURE, LATER)
    with storage.read() as work:
        seen = work.jobs.get("job-1")
        assert (seen.progress, seen.version, seen.heartbeat_at) == (progress, 3, LATER)
        assert work.jobs.file("job-1", "preview", after=2) == PICTURE
        assert work.jobs.file("job-1", "preview", after=3) is None
    with storage.write() as work:
        assert work.jobs.beat(claimed, LATER + timedelta(seconds=1))
        assert work.jobs.get("job-1").version == 3


def test_success_leaves_the_result_alone(storage: SqlStorage) -> None:
    put(storage, job())
    claimed = claim(storage)
    with storage.write() as work:
        work.jobs.report(claimed, Progress(0.5), PICTURE, LATER)
        assert work.jobs.succeed(claimed, PICTURE, LATER, LATER + timedelta(hours=1))
    assert files(storage) == [("job-1", "result")]
    with storage.read() as work:
        done = work.jobs.get("job-1")
        assert (done.state, done.progress.fraction, done.finished_at) == ("succeeded", 1.0, LATER)
        assert (done.result_media_type, done.result_bytes) == ("image/png", len(PICTURE.content))
        assert work.jobs.file("job-1", "result") == PICTURE


def test_failure_and_cancelling_leave_no_file(storage: SqlStorage) -> None:
    put(storage, job(1), job(2), job(3))
    failure = Failure("no-face", "Nobody is there.", "Send another.", {"pixels": 3})
    with storage.write() as work:
        assert work.jobs.fail(claimed(work, "w1"), failure, LATER)
        assert work.jobs.cancel(claimed(work, "w1").id, LATER)
        assert work.jobs.cancel("job-3", LATER)
        assert not work.jobs.cancel("job-3", LATER)
        assert not work.jobs.cancel("job-1", LATER)
        assert work.jobs.get("job-1").failure == failure
    assert files(storage) == []


@pytest.mark.parametrize("how", ["cancelled", "taken over", "released and taken again"])
def test_whoever_lost_a_job_changes_nothing(storage: SqlStorage, how: str) -> None:
    put(storage, job())
    mine = claim(storage)
    with storage.write() as work:
        if how == "cancelled":
            work.jobs.cancel(mine.id, NOON)
        else:
            assert work.jobs.requeue(mine, attempts=0 if "released" in how else 1)
            assert claimed(work, "w2").worker == "w2"
        before = work.jobs.get(mine.id)
    with storage.write() as work:
        assert not work.jobs.owns(mine)
        assert not work.jobs.beat(mine, LATER)
        assert not work.jobs.report(mine, Progress(0.9), PICTURE, LATER)
        assert not work.jobs.succeed(mine, PICTURE, LATER, LATER)
        assert not work.jobs.fail(mine, Failure("no-face", ""), LATER)
        assert not work.jobs.requeue(mine, attempts=1)
        assert work.jobs.get(mine.id) == before
    assert ("job-1", "preview") not in files(storage)


def test_running_jobs_tell_when_their_workers_were_heard(storage: SqlStorage) -> None:
    put(storage, job(1), job(2), job(3))
    silent, alive = claim(storage), claim(storage)
    with storage.write() as work:
        work.jobs.beat(alive, LATER)
        heard = {one.id: one.heartbeat_at for one in work.jobs.running()}
        assert heard == {silent.id: NOON, alive.id: LATER}
        assert work.jobs.requeue(silent, attempts=1)
        again = work.jobs.get(silent.id)
        assert (again.state, again.worker, again.attempts) == ("queued", None, 1)
        assert work.jobs.inputs(silent.id) == {"content": PICTURE}
        assert [one.id for one in work.jobs.queued_before(LATER)] == ["job-1", "job-3"]


def test_a_settled_job_is_not_requeued(storage: SqlStorage) -> None:
    put(storage, job())
    mine = claim(storage)
    with storage.write() as work:
        work.jobs.succeed(mine, PICTURE, LATER, LATER)
        done = work.jobs.get(mine.id)
        assert not work.jobs.requeue(done, attempts=0)
        assert not work.jobs.fail(done, Failure("no-face", ""), LATER)


def test_results_expire_and_jobs_are_forgotten(storage: SqlStorage) -> None:
    put(storage, job(1), job(2))
    end = LATER + timedelta(hours=1)
    with storage.write() as work:
        work.jobs.succeed(claimed(work, "w"), PICTURE, LATER, end)
        assert not work.jobs.removable(LATER, LATER)
        assert work.jobs.expire(LATER) == 0
        assert work.jobs.removable(end, LATER)
        assert work.jobs.bytes_removed_between(LATER, LATER)
        assert work.jobs.bytes_removed_between(end, end)
        second = timedelta(seconds=1)
        assert not work.jobs.bytes_removed_between(LATER + second, end - second)
        assert work.jobs.expire(end) == 1
        assert work.jobs.expire(end) == 0
        assert work.jobs.file("job-1", "result") is None
        assert work.jobs.removable(end, end)
        assert work.jobs.remove_settled_before(end) == 1
        assert [one.id for one in work.jobs.list(EVERYTHING, before=None, limit=9)] == ["job-2"]


def test_a_result_is_erased_before_its_time(storage: SqlStorage) -> None:
    put(storage, job(1))
    with storage.write() as work:
        work.jobs.succeed(claimed(work, "w"), PICTURE, NOON, LATER)
        assert work.jobs.erase_result("job-1", NOON)
        assert not work.jobs.erase_result("job-1", NOON)
        assert work.jobs.get("job-1").expires_at == NOON
    assert files(storage) == []


def test_inputs_of_a_waiting_job_are_no_result_to_erase(storage: SqlStorage) -> None:
    put(storage, job(1))
    with storage.write() as work:
        assert not work.jobs.erase_result("job-1", NOON)
    assert files(storage) == [("job-1", "input")]


def test_lists_are_newest_first_and_as_far_as_one_may_see(
    storage: SqlStorage, samples: Samples
) -> None:
    with storage.write() as work:
        work.collections.add(samples.collection())
    put(storage, job(1), job(2, key_id="key-2", collection_id="col-staff"), job(3, kind="dream"))
    with storage.write() as work:
        work.jobs.cancel("job-1", NOON)

        def ids(visible: Visibility, **more: Any) -> list[str]:
            asked: dict[str, Any] = {"before": None, "limit": 9} | more
            return [one.id for one in work.jobs.list(visible, **asked)]

        assert ids(EVERYTHING) == ["job-3", "job-2", "job-1"]
        assert ids(EVERYTHING, before="job-3", limit=1) == ["job-2"]
        assert ids(EVERYTHING, state="cancelled") == ["job-1"]
        assert ids(EVERYTHING, kind="dream") == ["job-3"]
        assert ids(Visibility("key-1")) == ["job-3", "job-1"]
        assert ids(Visibility("key-3", "col-staff")) == ["job-2"]
        assert ids(Visibility("key-1", "col-staff")) == ["job-3", "job-2", "job-1"]


def test_counts(storage: SqlStorage, samples: Samples) -> None:
    with storage.write() as work:
        work.collections.add(samples.collection())
        assert work.jobs.oldest_queued() is None
    put(storage, job(1), job(2, key_id="key-2", collection_id="col-staff", created_at=LATER))
    claim(storage)
    with storage.write() as work:
        assert work.jobs.count_active() == 2
        assert work.jobs.count_active(key_id="key-2") == 1
        assert work.jobs.counts() == {("paint", "running"): 1, ("paint", "queued"): 1}
        assert work.jobs.oldest_queued() == LATER
        active = work.jobs.active(kind="paint", collection_id="col-staff")
        assert active is not None and active.id == "job-2"
        assert work.jobs.active(kind="dream", collection_id="col-staff") is None
        work.jobs.cancel("job-2", LATER)
        assert work.jobs.count_active() == 1
        assert work.jobs.active(kind="paint", collection_id="col-staff") is None


def test_a_collection_takes_its_jobs_along(storage: SqlStorage, samples: Samples) -> None:
    with storage.write() as work:
        work.collections.add(samples.collection())
    put(storage, job(1, collection_id="col-staff"), job(2))
    mine = claim(storage)
    with storage.write() as work:
        work.collections.remove("col-staff")
        assert not work.jobs.owns(mine)
        assert not work.jobs.succeed(mine, PICTURE, LATER, LATER)
    assert files(storage) == [("job-2", "input")]


def test_a_claim_that_is_rolled_back_was_none(storage: SqlStorage) -> None:
    put(storage, job())
    with pytest.raises(RuntimeError), storage.write() as work:
        work.jobs.claim(["paint"], "w1", NOON)
        raise RuntimeError
    with storage.read() as work:
        assert work.jobs.get("job-1") == job()
    assert replace(claim(storage), version=1).attempts == 1
