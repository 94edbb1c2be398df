"""What transactions promise: all or nothing, in order, and no word of SQL when they fail."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest

from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.trouble import (
    DatabaseLockedError,
    DatabaseUnavailableError,
    StorageReadOnlyError,
)
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples


def test_a_block_that_raises_changes_nothing(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage)
    with pytest.raises(RuntimeError), storage.write() as work:
        work.subjects.add(samples.subject("Cy"))
        work.faces.add(samples.face("sub-Cy"))
        raise RuntimeError
    with storage.write() as work:
        assert work.subjects.find("col-staff", "Cy") is None
        assert work.faces.count("col-staff") == 1
        assert work.changes.head() == 1
        assert len(work.changes.after(0, limit=9)) == 1


def test_readers_cannot_write(storage: SqlStorage, samples: Samples) -> None:
    with pytest.raises(StorageReadOnlyError), storage.read() as work:
        work.collections.add(samples.collection())
    with storage.read() as work:
        assert work.collections.list(after=None, limit=1) == []


def test_a_reader_sees_one_moment(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage)
    with storage.read() as before:
        assert before.faces.count("col-staff") == 1
        with storage.write() as work:
            work.faces.add(samples.face(seed=1))
        assert before.faces.count("col-staff") == 1
        assert before.changes.head() == 1
        with storage.read() as after:
            assert after.faces.count("col-staff") == 2
            assert after.changes.head() == 2


def test_nobody_sees_what_is_not_committed(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage)
    with storage.write() as work:
        work.faces.add(samples.face(seed=1))
        with storage.read() as other:
            assert other.faces.count("col-staff") == 1
            assert other.changes.head() == 1


def test_writers_of_two_processes_come_one_by_one(
    database: str, storage: SqlStorage, samples: Samples
) -> None:
    """The second sees what the first has done, though it began before the first had ended."""
    samples.fill(storage)
    elsewhere = SqlStorage.open(database, busy_timeout=5.0)
    seen: list[int] = []
    begun = threading.Event()

    def second() -> None:
        begun.set()
        with elsewhere.write() as work:
            seen.append(work.faces.count("col-staff"))

    with storage.write() as work:
        thread = threading.Thread(target=second)
        thread.start()
        assert begun.wait(60)
        thread.join(timeout=0.1)  # as long as it gets to come through although it must not
        assert seen == []
        work.faces.add(samples.face(seed=1))
    thread.join(timeout=300)
    elsewhere.close()
    assert seen == [2]


def write_and_erase(url: str, samples: Samples) -> None:
    """Eight faces come, each in its transaction, and two of them go at once."""
    process = SqlStorage.open(url, busy_timeout=20.0)
    for number in range(8):
        with process.write() as work:
            face = work.faces.add(samples.face(seed=number))
            if number % 4 == 3:
                work.faces.remove([face])
    process.close()


def test_a_follower_of_the_log_skips_no_line(
    database: str, storage: SqlStorage, samples: Samples
) -> None:
    """Two processes write, a third follows: it sees every line once, and in order."""
    samples.fill(storage, faces=0)
    position = 0
    followed: set[int] = set()
    with ThreadPoolExecutor() as pool:
        writers = [pool.submit(write_and_erase, database, samples) for _ in range(2)]
        finished = False
        while not finished:
            finished = all(writer.done() for writer in writers)
            with storage.read() as work:
                lines = work.changes.after(position, limit=100)
                assert work.changes.head() == (lines[-1].seq if lines else position)
            for line in lines:
                assert line.seq > position and line.face_id is not None
                position = line.seq
                (followed.add if line.kind == "add" else followed.discard)(line.face_id)
            time.sleep(0.002)
        for writer in writers:
            writer.result()
    assert position == 20
    with storage.read() as work:
        assert followed == {face.id for face in work.faces.list("col-staff", limit=99)}
    assert len(followed) == 12


def test_a_locked_database(database: str, storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage)
    impatient = SqlStorage.open(database, busy_timeout=0.2)
    with storage.write() as work:
        work.faces.add(samples.face(seed=1))
        start = time.monotonic()
        with pytest.raises(DatabaseLockedError) as caught, impatient.write():
            pytest.fail("two writers at once")
        assert 0.1 < time.monotonic() - start < 10
        with impatient.read() as reader:  # readers are not held up
            assert reader.faces.count("col-staff") == 1
    assert caught.value.hint
    assert "SELECT" not in str(caught.value)
    assert "BEGIN" not in str(caught.value)
    with impatient.write() as work:
        assert work.faces.count("col-staff") == 2
    impatient.close()


def test_writers_of_one_process_wait_no_longer_either(database: str, samples: Samples) -> None:
    storage = SqlStorage.open(database, busy_timeout=0.2)
    caught: list[BaseException] = []

    def second() -> None:
        try:
            with storage.write():
                pass
        except BaseException as error:
            caught.append(error)

    with storage.write():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=300)
    storage.close()
    assert [type(error) for error in caught] == [DatabaseLockedError]


def test_tables_of_another_version(empty_database: str) -> None:
    storage = SqlStorage.open(empty_database)
    with pytest.raises(DatabaseUnavailableError) as caught, storage.read() as work:
        work.changes.head()
    storage.close()
    assert "db upgrade" in caught.value.hint


def test_a_word_the_database_cannot_hold_is_the_callers_fault(
    database: str, storage: SqlStorage, samples: Samples
) -> None:
    """PostgreSQL has no NUL character in text; SQLite takes it."""
    refused = nullcontext() if database.startswith("sqlite") else pytest.raises(InvalidRequestError)
    with refused, storage.write() as work:
        work.collections.add(samples.collection("a\0b"))


def test_a_checkpoint_of_either_kind(storage: SqlStorage, samples: Samples) -> None:
    samples.fill(storage)
    storage.checkpoint()
    with storage.read() as work:
        assert work.faces.count("col-staff") == 1
