"""Operation of a running service: start, readiness, sizes."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from app.domain.errors import FacetError
from app.services.gallery.erasure import Erasure
from app.services.indexing.following import IndexFollower
from app.services.ports import Storage, VectorIndex
from app.services.ports.work import BackgroundWork
from models.errors import ReportedError

_FOLLOW_SECONDS = 2.0
_UPKEEP_ROUNDS = 1_800
"""Rounds of following from one upkeep to the next: an hour."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Ready when every check is "ok"; otherwise a check says what is wrong."""

    ready: bool
    checks: Mapping[str, str]


class Operations:
    """Start, readiness and sizes."""

    def __init__(
        self,
        storage: Storage,
        index: VectorIndex,
        follower: IndexFollower,
        erasure: Erasure,
        load_models: Callable[[], None],
        upkeep: Sequence[Callable[[], object]],
        index_work: BackgroundWork | None = None,
        *,
        sweep_first: bool = True,
    ) -> None:
        """`upkeep` is called once an hour. Without `sweep_first`, files are elsewhere and are
        swept beside the requests.
        """
        self._storage = storage
        self._index = index
        self._follower = follower
        self._erasure = erasure
        self._load_models = load_models
        self._upkeep = upkeep
        self._index_work = index_work
        self._sweep_first = sweep_first
        self._stopping = threading.Event()

    def start(self) -> None:
        """Finish interrupted erasures, fill the index, load networks; before the first request."""
        if self._sweep_first:
            self._erasure.sweep()
        else:
            self._erasure.copy_ledger()
        self._follower.catch_up()
        self._erasure.complete_receipts()
        self._load_models()
        if self._index_work is not None:
            self._index_work.start()
        self._stopping.clear()
        threading.Thread(target=self._follow, name="follow", daemon=True).start()

    def stop(self) -> None:
        """Stop the work beside the requests, after the last of them."""
        self._stopping.set()
        if self._index_work is not None:
            self._index_work.close()

    def _follow(self) -> None:
        """Follow the changes until told to stop. What other processes erase has to leave this
        one's memory and files unasked, and the log beside the database as soon as whoever kept
        it in use has ended. Once an hour what was kept long enough goes.
        """
        rounds = count()
        while not self._stopping.wait(_FOLLOW_SECONDS):
            with suppress(FacetError, OSError):
                hourly = next(rounds) % _UPKEEP_ROUNDS == 0
                if hourly:
                    self._look_after()
                self._follower.catch_up()
                self._erasure.empty_log()
                self._erasure.finish()
                if hourly:
                    self._erasure.sweep_if_due()
                    self._erasure.complete_receipts()

    def _look_after(self) -> None:
        """All of the upkeep, whatever fails in a part of it."""
        for part in self._upkeep:
            with suppress(FacetError, OSError):
                part()

    def readiness(self) -> Readiness:
        """Database reachable, index not behind it, networks loaded."""
        checks = {"database": "ok", "index": "ok", "models": "ok"}
        try:
            with self._storage.read() as uow:
                self._follower.catch_up(uow)
                behind = uow.changes.head() - self._index.watermark()
            if behind > 0:
                checks["index"] = f"{behind} changes behind"
        except FacetError as error:
            checks["database"] = error.slug
        try:
            self._load_models()
        except ReportedError as error:
            checks["models"] = error.slug
        return Readiness(all(state == "ok" for state in checks.values()), checks)

    def faces_per_collection(self) -> Mapping[str, int]:
        with self._storage.read() as uow:
            return uow.faces.counts()
