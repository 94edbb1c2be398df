"""Entries on their way into the audit record: those of requests at once in one transaction."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog

from app.domain.auditing.entries import AuditEntry, AuditRecord
from app.domain.deciding.events import DecisionEvent
from app.domain.errors import FacetError
from app.domain.errors.gallery import UnknownSubjectError
from app.domain.errors.trouble import AuditUnavailableError
from app.platform.request_context import current_request
from app.platform.telemetry import AUDIT_UNWRITTEN
from app.services.auditing.doing import Committed, Doing, record_change, under_way
from app.services.ports import Storage, UnitOfWork
from app.services.ports.audit import AuditSink
from models.errors import ReportedError

GAP = "lose-audit"
"""The action of an entry that says how many entries were lost while they could not be written."""
_OWED = 10_000
"""Entries that wait in memory while the database cannot be written."""
_log = structlog.get_logger("app.audit")


@dataclass(slots=True, eq=False)
class _Waiting:
    """The entries of one request, until somebody has written them."""

    entries: Sequence[AuditEntry]
    durable: bool
    done: bool = False
    error: FacetError | None = None


def _now() -> datetime:
    return datetime.now(UTC)


def outcome_of(error: BaseException) -> str:
    """The outcome of an action that an error has ended."""
    return error.slug if isinstance(error, ReportedError) else "failed"


class AuditTrail:
    """Writes entries, each before whoever asked gets an answer. Thread-safe.

    Requests that end at the same time share one transaction: the first of them writes for all
    that have come meanwhile. It is a `DecisionObserver`.
    """

    def __init__(
        self,
        storage: Storage,
        sinks: Sequence[AuditSink] = (),
        *,
        required: bool = False,
        silent: bool = False,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """`required`: raise AuditUnavailableError for what cannot be written. Otherwise it waits
        in memory until it can be. `silent`: nothing is recorded at all.
        """
        self._storage = storage
        self._sinks = sinks
        self._required = required
        self.silent = silent
        self._clock = clock
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._queue: list[_Waiting] = []
        self._owed: deque[AuditEntry] = deque()
        self._lost = 0
        self._unsynced = False
        storage.record_within(record_change)

    @contextmanager
    def doing(self, action: str, *, read: bool = False, **known: Any) -> Iterator[Doing]:
        """Record what the block does: in the transaction that makes a change, else when it ends.

        An entry, or one for each decision. A `read` inside of another action is part of that. An
        error that the block raises is the outcome; one that cannot be recorded is raised all the
        same.
        """
        if read and under_way.get() is not None:
            yield Doing(action)
            return
        doing = Doing(action, record=self._write_within, **known)
        durable = not read and action not in LOOKING
        token = under_way.set(doing)
        try:
            yield doing
        except BaseException as error:
            doing.outcome = outcome_of(error)
            if doing.outcome == UnknownSubjectError.slug:
                doing.subject_id = None  # nobody's id, but whatever somebody has typed
            with suppress(AuditUnavailableError):
                self.write(self._entries(doing), durable=durable)
            raise
        finally:
            under_way.reset(token)
        if not doing.recorded:
            self.write(self._entries(doing), durable=durable, required=doing.required)

    def observe(self, events: Sequence[DecisionEvent]) -> None:
        """Record decisions: with the action that is under way, or at once."""
        doing = under_way.get()
        if doing is not None:
            doing.decisions += events
            return
        entries = [self._decision(event, Doing(_ASKED[event.action])) for event in events]
        self.write(entries, durable=False)

    def write(
        self, entries: Sequence[AuditEntry], *, durable: bool = True, required: bool = False
    ) -> None:
        """Write entries; those that are not `durable` reach the disk by `sync`, a second later.

        Raises AuditUnavailableError where they cannot be written and are `required`, or all are.
        """
        if self.silent:
            return
        waiting = _Waiting(entries, durable)
        with self._lock:
            self._queue.append(waiting)
        with self._writing:
            if not waiting.done:
                self._write_all()
        if waiting.error is not None and (required or self._required):
            raise AuditUnavailableError(
                "What was asked for could not be recorded, so it is not answered.",
                hint="See whether the database can be written. FACET_AUDIT=on answers without.",
            ) from waiting.error

    def write_end(self, doing: Doing) -> None:
        """Write how an action has ended whose beginning was recorded."""
        self.write(self._entries(doing))

    def write_owed(self) -> None:
        """Try again to write what could not be written."""
        with self._writing:
            if self._owed or self._lost:
                self._write_all()

    def sync(self) -> None:
        """Wait until everything that this process has written is on the disk."""
        with self._writing:
            if self._unsynced:
                with self._storage.append_audit() as audit:
                    audit.touch()
                self._unsynced = False

    def copy(self, records: Sequence[AuditRecord]) -> None:
        """Give entries that were written within another transaction to the copies, if any."""
        if self._sinks:
            with self._writing:
                self._copy(records)

    def entry(self, action: str, outcome: str = "done", **fields: Any) -> AuditEntry:
        """An entry of the present request, or of the command."""
        request, at = current_request(), fields.pop("at", None) or self._clock()
        if not request.request_id:
            return AuditEntry(at, action, outcome, **fields)
        known: dict[str, Any] = {"key_id": request.key_id, "address": request.address}
        known |= {"origin": "http", "request_id": request.request_id}
        return AuditEntry(at, action, outcome, **(known | fields))

    def _write_within(self, doing: Doing, uow: UnitOfWork) -> Committed:
        """Write the entry of an action in a transaction that makes its change, or begins it."""
        known = replace(doing, details=dict(doing.details))  # it may come to nothing yet
        whole = not doing.steps and (doing.after is None or uow.result is not None)
        if not whole:
            known.outcome = "begun"
        elif doing.after is not None:
            doing.after(known, uow.result)
        records = [] if self.silent else uow.audit.append(self._entries(known))

        def committed() -> None:
            doing.begun, doing.recorded, doing.decisions = True, whole, []
            self.copy(records)

        return committed

    def _write_all(self) -> None:
        """Write everything that waits. Called by whoever holds the lock of writing."""
        with self._lock:
            batch, self._queue = self._queue, []
        entries = [*self._owed, *(entry for waiting in batch for entry in waiting.entries)]
        if self._lost:
            entries.insert(0, self.entry(GAP, details={"entries": self._lost}))
        error: FacetError | None = None
        durable = any(waiting.durable for waiting in batch)
        try:
            with self._storage.append_audit(durable=durable) as audit:
                records = audit.append(entries)
        except FacetError as caught:
            error = caught
            self._owe(batch, caught)
        else:
            self._owed.clear()
            self._lost = 0
            self._unsynced = not durable
            self._copy(records)
        for waiting in batch:
            waiting.done, waiting.error = True, error

    def _owe(self, batch: Sequence[_Waiting], error: FacetError) -> None:
        if not self._owed:
            _log.error("audit-unwritten", code=error.slug, required=self._required)
        entries = [entry for waiting in batch for entry in waiting.entries]
        AUDIT_UNWRITTEN.inc(len(entries))
        # Where the record is required nothing was given; that it was asked for is kept as well.
        self._owed.extend(entries)
        while len(self._owed) > _OWED:
            self._owed.popleft()
            self._lost += 1

    def _copy(self, records: Sequence[AuditRecord]) -> None:
        for sink in self._sinks:
            try:
                sink.write(records)
            except OSError as error:
                _log.error("audit-not-copied", sink=type(sink).__name__, why=error.strerror)

    def _entries(self, doing: Doing) -> list[AuditEntry]:
        decided = [self._decision(event, doing) for event in doing.decisions]
        # A search is its decisions; an enrolment is more than that nobody was alike.
        if decided and doing.outcome == "done" and doing.action in _DECIDING:
            return decided
        return [
            *decided,
            self.entry(
                doing.action,
                doing.outcome,
                collection=doing.collection,
                collection_id=doing.collection_id,
                subject_id=doing.subject_id,
                face_ids=doing.face_ids,
                details=doing.details,
            ),
        ]

    def _decision(self, event: DecisionEvent, doing: Doing) -> AuditEntry:
        """The entry of one decision, with the numbers that the answer discloses."""
        numbers = {
            "asked": event.action,
            "encoder": event.encoder,
            "threshold": event.threshold.similarity,
            "threshold_fmr": event.threshold.fmr,
            "similarity": event.similarity,
            "fmr": event.fmr,
            "fmr_is_bound": event.fmr_is_bound,
        }
        action = doing.action if doing.action in _DECIDING else _ASKED[event.action]
        return self.entry(
            action,
            event.outcome,
            at=event.at,
            key_id=event.key_id,
            collection=doing.collection,
            collection_id=event.collection_id,
            subject_id=event.subject_id,
            face_ids=() if event.face_id is None else (event.face_id,),
            decision=numbers,
        )


_ASKED = {
    "identify": "recognize",
    "identify-track": "recognize",
    "claim": "verify",
    "compare": "verify",
    "find-duplicates": "find-duplicates",
}
"""Actions of entries by what a decision was asked for."""
_DECIDING = frozenset({"recognize", "verify"})
LOOKING = _DECIDING | {"detect", "embed", "read-audit"}
"""What leaves everything as it was, so that its entries need not wait for the disk."""
