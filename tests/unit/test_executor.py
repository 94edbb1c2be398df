"""The bounded pool: full means refused, and places come back."""

import asyncio
import threading

import pytest

from app.api.executor import BoundedExecutor
from app.domain.errors import OverloadedError


def test_what_exceeds_workers_and_queue_is_refused_at_once() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=1)
        release = threading.Event()
        running = [asyncio.ensure_future(pool.run(release.wait, 5)) for _ in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(OverloadedError):
            await pool.run(release.wait, 5)
        release.set()
        assert await asyncio.gather(*running) == [True, True]
        assert await pool.run(lambda: "free again") == "free again"
        pool.close()

    asyncio.run(scenario())


def test_an_error_of_the_call_reaches_the_caller_and_frees_the_place() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await pool.run(lambda: 1 / 0)
        pool.close()

    asyncio.run(scenario())


def test_a_client_that_goes_away_keeps_its_place_until_the_work_is_over() -> None:
    async def scenario() -> None:
        pool = BoundedExecutor(workers=1, queue=0)
        release = threading.Event()
        call = asyncio.ensure_future(pool.run(release.wait, 5))
        await asyncio.sleep(0.05)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        with pytest.raises(OverloadedError):
            await pool.run(lambda: None)
        release.set()
        pool.close()

    asyncio.run(scenario())
