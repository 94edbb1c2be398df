"""A bounded pool for requests that run networks: full means 503, not an endless queue."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from app.domain.errors import OverloadedError
from app.telemetry import BUSY_WORKERS, QUEUE_DEPTH

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class BoundedExecutor:
    """Runs up to `workers` calls at once and lets up to `queue` more wait."""

    def __init__(self, workers: int, queue: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="analysis")
        self._places = threading.BoundedSemaphore(workers + queue)

    async def run(
        self,
        call: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """The call's result; raises OverloadedError at once when every place is taken."""
        if not self._places.acquire(blocking=False):
            raise OverloadedError(
                "Too many requests are waiting for the networks.",
                hint="Try again after the time in Retry-After.",
            )
        QUEUE_DEPTH.inc()

        def work() -> Result:
            QUEUE_DEPTH.dec()
            with BUSY_WORKERS.track_inprogress():
                return call(*args, **kwargs)

        future = self._pool.submit(work)
        # The place is free when the work is over, also when its client has gone away meanwhile.
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.shield(asyncio.wrap_future(future))

    def close(self) -> None:
        """Wait for running calls and drop waiting ones."""
        self._pool.shutdown(wait=True, cancel_futures=True)
