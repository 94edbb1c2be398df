"""A bulk import that is killed and run again until it is complete, and then erased piece by piece.

Of every two imports one enrols pictures (JSON lines), and the other brings in an exported
collection (Parquet), most of it one subject with so many faces that its erasure makes the index
compact itself.
"""

import json
import os
import random
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal

import httpx

from app.domain.errors.gallery import UnknownCollectionError
from app.storage.unit_of_work import SqlStorage
from tests.integration.bulk_sources import FIRST, Known, export_of_people, pictures_of_people
from tests.integration.server import Server, is_running

Step = Literal["import", "erase-many", "erase-all", "done"]


class Bulk:
    """One import on its way from its first picture to its end."""

    def __init__(self, server: Server, name: str, seed: int, *, parquet: bool) -> None:
        self.step: Step = "import"
        self.collection = name
        self.parquet = parquet
        self.runs = 0
        self._server, self._chance = server, random.Random(seed)
        self.moving = False
        """Whether the step has begun to change something in this round."""
        self._seen = 0
        self._unanswered = False
        self._stopped = threading.Event()
        self._process: int | None = None
        self._lock = threading.Lock()
        make = export_of_people if parquet else pictures_of_people
        self._source = server.data_dir.parent / f"{name}.{'parquet' if parquet else 'jsonl'}"
        self._expected = make(self._source, self._chance)

    @property
    def importing(self) -> bool:
        """Whether an import is under way, and has stored something but not everything."""
        return self.step == "import" and 0 < self._seen < len(self._expected)

    @property
    def erasing(self) -> bool:
        """Whether an erasure was asked for and not answered."""
        return self._unanswered

    def work(self, client: httpx.Client) -> None:
        """Take the next step, until it is done or `kill` is called."""
        self._stopped.clear()
        self.moving = False
        try:
            if self.step == "import":
                self._import(client)
            elif self.step == "erase-many":
                self._erase(client, f"subjects/{self._subject(client, FIRST)}")
                self.step = "erase-all"
            elif self.step == "erase-all":
                self._erase(client, "")
                self.step = "done"
        except httpx.TransportError:
            return

    def kill(self) -> None:
        """`kill -9` the import; nothing is started any more."""
        with self._lock:
            self._stopped.set()
            self.moving = False
            if self._process is not None:
                with suppress(ProcessLookupError):
                    os.kill(self._process, signal.SIGKILL)
                while is_running(self._process):
                    time.sleep(0.01)
                self._process = None

    def audit(self, url: str) -> None:
        """What SQL holds is what was seen or promised, every picture once."""
        faces = stored(url, self.collection)
        if faces is None:
            assert self._seen == 0 or self.step == "done" or self._unanswered, "it is gone"
            return
        digests = [digest for digest, _ in faces]
        assert len(set(digests)) == len(digests), "a picture was imported twice"
        there, many = set(faces), {pair for pair in self._expected if pair[1] == FIRST}
        if self.step == "import":
            assert there <= self._expected
            assert len(there) >= self._seen, "what had been imported is lost"
        elif self.step == "erase-many":
            whole = [self._expected, self._expected - many]
            assert there in whole if self._unanswered else there == self._expected
        else:
            assert self.step == "erase-all", "it was erased"
            assert there == self._expected - many

    def _import(self, client: httpx.Client) -> None:
        log = self._server.log.with_name(f"{self.collection}-{self.runs}.log")
        rejects = log.with_suffix(".rejects")
        seen_before = self._seen
        # How far it comes before the server may be killed; beyond the end is: not before it.
        goal = seen_before + (len(self._expected) - seen_before) * self._chance.uniform(0, 1.5)
        if self._source.suffix == ".jsonl":  # an export brings its own collection
            made = client.post("/v1/collections", json={"name": self.collection})
            assert made.status_code in (201, 409), made.text
        words = ("import", self._source, "-c", self.collection, "--min-quality", "0")
        more = ("--workers", "2", "--rejects", rejects, "--json")
        with self._lock:
            if self._stopped.is_set():
                return
            self.runs += 1
            process = self._process = self._server.run(log, *map(str, (*words, *more)))
        while is_running(process):
            answer = client.get(f"/v1/collections/{self.collection}")
            if answer.is_success:
                self.moving |= answer.json()["faces"] > goal
                self._seen = max(self._seen, answer.json()["faces"])
            time.sleep(0.03)
        if not self._stopped.is_set():
            self._finish(log, seen_before)

    def _finish(self, log: Path, seen_before: int) -> None:
        said = log.read_text()
        assert said.lstrip().startswith("{"), f"the import failed:\n{said[-4000:]}"
        counts = json.loads(said)
        assert counts["rejected"] == 0, counts
        assert counts["enrolled"] + counts["present"] == len(self._expected), counts
        assert counts["present"] >= seen_before, counts
        self._seen, self.moving = len(self._expected), True
        self.step = "erase-many"

    def _subject(self, client: httpx.Client, name: str) -> str:
        path = f"/v1/collections/{self.collection}/subjects"
        found = client.get(path, params={"name_prefix": name}).json()["items"]
        return str(found[0]["id"]) if found else "gone"

    def _erase(self, client: httpx.Client, what: str) -> None:
        self._unanswered, repeated = True, self._unanswered
        path = f"/v1/collections/{self.collection}/{what}".rstrip("/")
        self.moving = self._chance.random() < 0.3  # or when it is done, and the index follows
        answer = client.delete(path)
        assert answer.status_code in ((200, 404) if repeated else (200,)), answer.text
        self._unanswered, self.moving = False, True


def stored(url: str, collection: str) -> list[Known] | None:
    """(digest of the picture, subject's name) of every face; None without the collection."""
    storage = SqlStorage.open(url)
    try:
        with storage.read() as uow:
            found = uow.collections.get(collection)
            faces = uow.faces.list(found.id, limit=10_000)
            subjects = uow.subjects.by_ids(sorted({face.subject_id for face in faces}))
    except UnknownCollectionError:
        return None
    finally:
        storage.close()
    return [(str(face.source_digest), subjects[face.subject_id].name) for face in faces]
