"""The bounded executor of work on the networks: full means 503, not an endless queue.

Small requests and heavy ones (large pictures) wait in two queues. Keys take turns: the next request
is that of the key which was served longest ago, and of one key who came first.
But a heavy one starts only while few others of its kind run, and few may wait, so that large
pictures slow each other down and nobody else.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from app.domain.deadlines import Deadline, working_under
from app.domain.errors.trouble import AbandonedRequestError, OverloadedError
from app.platform.telemetry import BUSY_WORKERS, QUEUE_DEPTH

Result = TypeVar("Result")

_PART = 4
"""Part of the queue, one place in so many, that a key with a share of the workers gets."""
_SHARE = 0.95
"""Of the time a request may take; the rest is for receiving it and sending the answer."""


@dataclass(slots=True)
class _Kind:
    """Requests of one kind: how many run, how many wait, and the bounds of both."""

    may_run: int
    may_wait: int
    running: int = 0
    waiting: "deque[_Ticket]" = field(default_factory=deque)


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    """A request that waits."""

    number: int
    """Says who came first."""
    key: str
    share: int | None
    """Workers that the key may have at once; None for all."""
    start: "asyncio.Future[None]"


@dataclass(slots=True)
class Arrival:
    """Moment at which a request came, kept for all its steps: it waits and is refused once."""

    number: int
    deadline: Deadline
    admitted: bool = False
    heavy: bool = False


class BoundedExecutor:
    """Runs up to `workers` calls at once and lets up to `queue` more wait.

    A request takes `seconds` at most, waiting included. At most `heavy` heavy requests run at
    once, half of the workers if not given, and an eighth of the queue's places is theirs. Every
    method but `close` belongs to one event loop.
    """

    def __init__(
        self,
        workers: int,
        queue: int,
        *,
        seconds: float | None = None,
        heavy: int | None = None,
    ) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="analysis")
        self._workers, self._queue, self._seconds = workers, queue, seconds
        self._small = _Kind(workers, queue)
        self._heavy = _Kind(heavy or max(1, workers // 2), max(1, queue // 8))
        self._numbers = count()
        self._served: dict[str, int] = {}
        """By key, the turn at which it was served last; empty while nobody waits."""
        self._at_work: Counter[str] = Counter()
        """Requests that run, by key."""

    def arrival(self) -> Arrival:
        """A request that begins now, with its deadline."""
        return Arrival(next(self._numbers), Deadline(self._seconds and self._seconds * _SHARE))

    async def run(
        self,
        call: Callable[[], Result],
        *,
        heavy: bool = False,
        gone: "asyncio.Future[None] | None" = None,
        arrival: Arrival | None = None,
        key: str = "",
        share: int | None = None,
    ) -> Result:
        """The call's result; without `arrival` it has `seconds` from now on.

        A later step of a request gives the arrival of the first: it goes before those that came
        after it, and is not refused unless it turned out to be heavy. `key` is who asks, and
        `share` how many of its requests may run at once: others of the key wait for these.

        Raises OverloadedError at once when there is no place, DeadlineExceededError in time,
        AbandonedRequestError as soon as `gone` is done, and what the call raises.
        """
        arrival = arrival or self.arrival()
        deadline = arrival.deadline
        kind = self._heavy if heavy else self._small
        if not arrival.admitted or (heavy and not arrival.heavy):
            self._admit(kind, key, share)
        arrival.admitted, arrival.heavy = True, heavy
        start: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        ticket = _Ticket(arrival.number, key, share, start)
        await self._wait_to_start(kind, ticket, arrival.deadline, gone)

        def work() -> Result:
            with BUSY_WORKERS.track_inprogress(), working_under(deadline):
                deadline.check()
                return call()

        loop = asyncio.get_running_loop()
        # With the request's context, which knows who asks.
        future = loop.run_in_executor(self._pool, copy_context().run, work)
        # The place is free when the work is over, also when nobody waits for it any more.
        future.add_done_callback(lambda done: self._leave(kind, key, done))
        try:
            if await self._first(future, deadline, gone) or not deadline.abandon():
                return await asyncio.shield(future)
        except asyncio.CancelledError:
            deadline.abandon()
            raise
        raise self._reason(deadline, gone)

    def close(self) -> None:
        """Wait for running calls and drop waiting ones."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _admit(self, kind: _Kind, key: str, share: int | None) -> None:
        """Raise OverloadedError when the request can neither start nor wait.

        Where workers are free, those who wait have used up their shares. A key with a share gets a
        part of the queue alone, so that it cannot fill it with requests that nobody may start.
        """
        waiting = [*self._small.waiting, *self._heavy.waiting]
        running = self._small.running + self._heavy.running
        can_start = running < self._workers and kind.running < kind.may_run
        can_wait = len(waiting) < self._queue and len(kind.waiting) < kind.may_wait
        if share is not None:
            can_start = can_start and self._at_work[key] < share
            own = sum(ticket.key == key for ticket in waiting)
            can_wait = can_wait and own < max(1, self._queue // _PART)
        if not can_start and not can_wait:
            raise OverloadedError(
                "Too many requests are waiting for the networks.",
                hint="Try again after the time in Retry-After.",
            )

    async def _wait_to_start(
        self,
        kind: _Kind,
        ticket: _Ticket,
        deadline: Deadline,
        gone: "asyncio.Future[None] | None",
    ) -> None:
        kind.waiting.append(ticket)
        QUEUE_DEPTH.inc()
        self._start_next()
        try:
            if not await self._first(ticket.start, deadline, gone):
                raise self._reason(deadline, gone)
        except BaseException:
            if ticket.start.done():
                self._free(kind, ticket.key)
            else:
                kind.waiting.remove(ticket)
                QUEUE_DEPTH.dec()
            self._start_next()
            raise

    def _start_next(self) -> None:
        """Let those whose turn it is go while there are workers."""
        kinds = (self._small, self._heavy)
        while self._small.running + self._heavy.running < self._workers:
            ready = [
                (ticket, kind)
                for kind in kinds
                if kind.running < kind.may_run
                for ticket in kind.waiting
                if ticket.share is None or self._at_work[ticket.key] < ticket.share
            ]
            if not ready:
                return
            ticket, kind = min(ready, key=lambda each: self._order(each[0]))
            kind.running += 1
            self._at_work[ticket.key] += 1
            QUEUE_DEPTH.dec()
            kind.waiting.remove(ticket)
            if self._small.waiting or self._heavy.waiting:
                self._served[ticket.key] = next(self._numbers)
            else:
                self._served.clear()
            ticket.start.set_result(None)

    def _order(self, ticket: _Ticket) -> tuple[int, int]:
        return self._served.get(ticket.key, -1), ticket.number

    def _free(self, kind: _Kind, key: str) -> None:
        kind.running -= 1
        self._at_work[key] -= 1
        if not self._at_work[key]:
            del self._at_work[key]

    def _leave(self, kind: _Kind, key: str, done: "asyncio.Future[Any]") -> None:
        self._free(kind, key)
        self._start_next()
        if not done.cancelled():
            done.exception()  # of a request whose client is gone, nobody else asks for it

    async def _first(
        self,
        wanted: "asyncio.Future[Any]",
        deadline: Deadline,
        gone: "asyncio.Future[None] | None",
    ) -> bool:
        """Wait; whether what is wanted came before the deadline and before the client went."""
        both = {wanted, gone} if gone is not None else {wanted}
        await asyncio.wait(both, timeout=deadline.remaining(), return_when=asyncio.FIRST_COMPLETED)
        return wanted.done()

    @staticmethod
    def _reason(deadline: Deadline, gone: "asyncio.Future[None] | None") -> Exception:
        if gone is not None and gone.done():
            return AbandonedRequestError("The client has gone away.")
        return deadline.exceeded()
