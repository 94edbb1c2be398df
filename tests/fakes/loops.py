"""An event loop that never waits: its clock jumps to whatever comes next."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class _Jumping(selectors.DefaultSelector):
    """Passes the time in which nothing would happen at once."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0 if timeout is not None else None)
        if not ready and timeout:
            self.now += timeout
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._passing = _Jumping()
        super().__init__(self._passing)

    def time(self) -> float:
        return self._passing.now


def seconds_of(scenario: Coroutine[Any, Any, None]) -> float:
    """The time that a scenario without threads would take; it is over at once."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        runner.run(scenario)
        return runner.get_loop().time()
