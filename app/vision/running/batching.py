"""Concurrent requests share forward passes.

There is no thread of its own: the first caller who finds a free lane runs its pictures together
with those that other callers have left meanwhile, and hands everybody their rows. A lone request
therefore never waits, and the busier the server, the larger the batches.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional as F

from app.domain.deadlines import Deadline, current_deadline
from app.vision.running.runtimes.runtime import Forward, Outputs
from models.nets.parts import Part

_MAX_VALUES = 8 * 3 * 150 * 150
"""Input values per shared pass, those of eight chips. Larger inputs run alone.

More at once is hardly faster, and runtimes keep the memory of the largest pass.
"""
_ANY_ROWS = 16
"""Passes of up to so many rows are run as they are."""
_GLANCE = 0.05
"""Seconds between two looks whether anybody still wants the result."""


@dataclass(slots=True, eq=False)
class _Call:
    """One caller's pictures, and what became of them."""

    pictures: Tensor
    deadline: Deadline
    outputs: Outputs | None = None
    error: Exception | None = None
    taken: bool = False
    done: bool = field(default=False)


class InFlight:
    """Counts the requests that may soon want a forward pass. Thread-safe."""

    def __init__(self) -> None:
        self._count = 0
        self._lock = threading.Lock()

    def count(self) -> int:
        return self._count

    def __enter__(self) -> None:
        with self._lock:
            self._count += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._count -= 1


class SharedForward:
    """A forward pass for all threads: up to `lanes` at once, each over a batch of calls.

    A caller who finds a free lane waits `max_wait` seconds for others, provided that
    `expected` says that more calls are on their way than have arrived. A call ends early with
    the error of its deadline. The pass must not mix rows.
    """

    def __init__(
        self,
        forward: Forward,
        *,
        lanes: int,
        max_wait: float = 0.0,
        expected: Callable[[], int] = lambda: 0,
        observer: Callable[[int], None] = lambda rows: None,
    ) -> None:
        self._forward = forward
        self._lanes = lanes
        self._max_wait = max_wait
        self._expected = expected
        self._observer = observer
        self._waiting: list[_Call] = []
        self._running = 0
        self._changed = threading.Condition()

    def __call__(self, x: Tensor) -> Outputs:
        call = _Call(x, current_deadline())
        with self._changed:
            self._waiting.append(call)
            self._changed.notify_all()
            while not call.done:
                if not call.taken and self._running < self._lanes:
                    self._lead(call)
                else:
                    self._wait(call)
        if call.error is not None:
            raise call.error
        assert call.outputs is not None  # noqa: S101 - done without error
        return call.outputs

    def _wait(self, call: _Call) -> None:
        self._changed.wait(_GLANCE)
        if not call.taken:
            try:
                call.deadline.check()
            except BaseException:
                self._waiting.remove(call)
                raise

    def _lead(self, own: _Call) -> None:
        """Run a batch around the own call. Holds the lock, except during the pass."""
        self._running += 1
        try:
            self._gather(own)
            batch = self._take(own)
            self._changed.release()
            try:
                self._run(batch)
            finally:
                self._changed.acquire()
                for call in batch:
                    call.done = True
        finally:
            self._running -= 1
            self._changed.notify_all()

    def _gather(self, own: _Call) -> None:
        """Wait for other calls while some are on their way, `max_wait` seconds at most."""
        own.taken = True  # nobody else takes it meanwhile
        ends = time.monotonic() + self._max_wait
        while (left := ends - time.monotonic()) > 0:
            others = len(self._waiting) - 1
            full = sum(call.pictures.numel() for call in self._alike(own)) >= _MAX_VALUES
            if full or self._expected() - 1 <= others:
                return
            self._changed.wait(left)

    def _alike(self, own: _Call) -> list[_Call]:
        """The own call and those waiting that may run with it, as many as fit, first come first."""
        chosen, values = [own], own.pictures.numel()
        for call in self._waiting:
            fits = values + call.pictures.numel() <= _MAX_VALUES
            if not call.taken and fits and call.pictures.shape[1:] == own.pictures.shape[1:]:
                chosen.append(call)
                values += call.pictures.numel()
        return chosen

    def _take(self, own: _Call) -> list[_Call]:
        batch = self._alike(own)
        for call in batch:
            call.taken = True
            self._waiting.remove(call)
        return batch

    def _run(self, batch: Sequence[_Call]) -> None:
        try:
            outputs = self._outputs(torch.cat([call.pictures for call in batch]))
        except Exception as error:
            if len(batch) > 1:  # whose pictures were at fault?
                for call in batch:
                    self._run([call])
            else:
                batch[0].error = error
            return
        start = 0
        for call in batch:
            rows = slice(start, start := start + len(call.pictures))
            parts = tuple(output[rows] for output in outputs)
            call.outputs = parts[0] if len(parts) == 1 else parts

    def _outputs(self, pictures: Tensor) -> tuple[Tensor, ...]:
        rows = len(pictures)
        self._observer(rows)
        with torch.inference_mode():
            outputs = self._forward(_filled_up(pictures))
        return tuple(o[:rows] for o in (outputs if isinstance(outputs, tuple) else (outputs,)))


def _filled_up(pictures: Tensor) -> Tensor:
    """The pictures, and behind many of them empty ones up to the next of four sizes per octave.

    Torch keeps what it has prepared for every number of rows, a hundred kilobytes each; with any
    number of small crops in a pass that would grow for hours.
    """
    rows = len(pictures)
    step = 2 ** (rows.bit_length() - 3) if rows > _ANY_ROWS else 1
    return F.pad(pictures, (0, 0, 0, 0, 0, 0, 0, -rows % step))


def shared(
    forward: Forward,
    part: Part,
    *,
    lanes: int,
    max_wait: float,
    expected: Callable[[], int],
    observer: Callable[[int], None],
) -> Forward:
    """The part's forward pass, shared if it takes any number of pictures of one size."""
    if part.any_size or part.rows is not None or part.shape[0] is not None:
        return forward
    return SharedForward(
        forward, lanes=lanes, max_wait=max_wait, expected=expected, observer=observer
    )
