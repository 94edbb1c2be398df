"""`kill -9` between an erasure's commit and its receipt's end: the next start completes it.

What is erased has been committed when its ids are copied into the file of the ledger, and the
receipt is completed after that. So whoever holds that file's lock stops an erasure in between.
"""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from app.bootstrap.stores import Stores, open_stores
from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import Collection, NewFace, Subject
from app.domain.people.receipts import SignedReceipt
from app.protection.data_keys import DataKeys
from app.services.gallery.identifiers import new_id
from app.services.gallery.image_files import KeptPictures
from app.settings import Settings
from app.storage.unit_of_work import SqlStorage, SqlUnitOfWork
from models.files.locking import lock
from tests.defaults import ENCODER
from tests.integration.server import Server, Starter, is_running

SECONDS = 120
NAMES = ("Ada Unmistakable", "Bob Unmistakable")


@dataclass(frozen=True)
class Person:
    """Somebody enrolled, and byte runs that tell of them."""

    subject_id: str
    traces: list[bytes]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        master_key_file=tmp_path / "elsewhere" / "master.key",
        erasure_ledgers=tmp_path / "ledgers",
    )


def _enrolled(stores: Stores, collection: Collection, name: str) -> Person:
    """A person with a face and its picture."""
    vector = np.random.default_rng(len(name) + ord(name[0])).normal(size=128).astype(np.float32)
    now, picture = collection.created_at, b"\xff\xd8\xff" + os.urandom(2000)
    subject = Subject(new_id(), collection.id, name, None, {}, now, now)
    pictures = KeptPictures(stores.storage, stores.images, DataKeys(stores.master_key))
    with stores.storage.write() as uow:
        uow.subjects.add(subject)
        face = NewFace(
            *(collection.id, subject.id, ENCODER, vector / np.linalg.norm(vector)),
            Box(0, 0, 9, 9),
            np.zeros((5, 2), np.float32),
            *(1.0, Pose(0, 0, 0), Quality(1.0)),
            image_digest=pictures.keep(uow, subject.id, picture),
            created_at=now,
        )
        stored = uow.faces.stored([uow.faces.add(face).id])[1]
    return Person(subject.id, [name.encode(), stored.tobytes()[:32], stored.tobytes()[-32:]])


def _holding(settings: Settings, person: Person) -> set[str]:
    files = [path for path in settings.data_dir.rglob("*") if path.is_file()]
    return {one.name for one in files if any(t in one.read_bytes() for t in person.traces)}


def _wait(reached: Callable[[], bool]) -> None:
    ends = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < ends
        time.sleep(0.02)


@contextmanager
def _looking(settings: Settings) -> Iterator[SqlUnitOfWork]:
    """The database, closed again: to read its files breaks the locks of whoever has it open."""
    with closing(SqlStorage.open(settings.resolved_database_url)) as storage, storage.read() as uow:
        yield uow


def _lock_of_the_ledger(settings: Settings) -> AbstractContextManager[None]:
    """Whoever has it keeps erasures from going further than their commit."""
    assert settings.erasure_ledgers is not None
    settings.erasure_ledgers.mkdir(exist_ok=True)
    with _looking(settings) as uow:
        return lock(settings.erasure_ledgers / f".{uow.ledger.installation().id}.jsonl.lock")


def _pending(settings: Settings) -> Sequence[SignedReceipt]:
    with _looking(settings) as uow:
        return uow.receipts.pending(after="", limit=9)


def _check(server: Server, client: httpx.Client, person: Person) -> None:
    """The newest receipt is that person's, complete and genuine."""
    content: dict[str, Any] = client.get("/v1/receipts").json()["items"][0]["receipt"]
    assert (content["erased"], content["erased_id"]) == ("subject", person.subject_id)
    assert (content["index"], content["files"], content["log_emptied"]) == ("done", "done", True)
    removed = content["removed"]
    assert (removed["faces"], removed["images"], removed["index_entries"]) == (1, 1, 1)
    assert json.loads(server.facet("receipts", "verify", content["id"], "--json"))["genuine"]


def _erase(client: httpx.Client, person: Person) -> None:
    """Ask for it, and get no answer from a server that is killed meanwhile."""
    with pytest.raises(httpx.HTTPError):
        client.delete(f"/v1/collections/staff/subjects/{person.subject_id}")


@pytest.fixture
def people(settings: Settings) -> list[Person]:
    stores = open_stores(settings)
    with stores.storage.write() as uow:
        now = datetime.now(UTC)
        collection = uow.collections.add(Collection("c", "staff", ENCODER, True, {}, now))
    people = [_enrolled(stores, collection, name) for name in NAMES]
    stores.storage.close()
    assert all(_holding(settings, one) for one in people)
    return people


@pytest.fixture
def server(starter: Starter, settings: Settings, model_cache: Path) -> Server:
    places = {name: str(getattr(settings, name)) for name in ("master_key_file", "erasure_ledgers")}
    return Server(starter, settings.data_dir, model_cache, job_workers="0", **places)


def test_the_next_start_completes_what_was_killed_before_its_receipt_was(
    people: list[Person], server: Server, settings: Settings, tmp_path: Path
) -> None:
    ada, bob = people
    key = server.create_key()

    # A command is killed.
    command = ("subjects", "delete", NAMES[0], "--collection", "staff", "--yes")
    with _lock_of_the_ledger(settings):
        process = server.run(tmp_path / "command", *command)
        _wait(lambda: len(_pending(settings)) == 1)
        os.kill(process, signal.SIGKILL)
        _wait(lambda: not is_running(process))
    assert json.loads(_pending(settings)[0].content)["index"] == "pending"

    # The server that completes its receipt is killed as well, in the next erasure.
    with server, server.client(key) as client:
        assert _pending(settings) == []
        _check(server, client, ada)
        asking = threading.Thread(target=_erase, args=(client, bob))
        with _lock_of_the_ledger(settings):
            asking.start()
            _wait(lambda: len(_pending(settings)) == 1)
            server.kill_after(0)
        asking.join(SECONDS)
    with server, server.client(key) as client:
        assert _pending(settings) == []
        _check(server, client, bob)
        assert client.get("/v1/collections/staff/subjects").json()["items"] == []
    assert _holding(settings, ada) | _holding(settings, bob) == set()
    assert not [path for path in (settings.data_dir / "images").rglob("*") if path.is_file()]
